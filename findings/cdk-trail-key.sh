#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: a Trail grants itself the bucket, not the key that it is given.
#
# Trail writes the bucket's policy for cloudtrail.amazonaws.com. With encryptionKey it leaves the key's
# policy alone, where a bucket that notifies an encrypted queue writes what S3 needs into the queue's
# key. CloudTrail checks both policies in CreateTrail (InsufficientEncryptionPolicyException): the
# shortest program for an encrypted trail synthesizes, passes its tests and cannot be deployed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --silent --no-audit --no-fund --ignore-scripts \
  aws-cdk-lib@2.276.0 constructs@10.5.0
cat > "$work/synthesize.js" <<'JAVASCRIPT'
const cdk = require('aws-cdk-lib')
const { aws_cloudtrail, aws_kms, aws_s3, aws_s3_notifications, aws_sqs } = cdk

const env = { account: '111122223333', region: 'us-east-1' }
const services = (template, type, document) => {
  const [{ Properties }] = Object.values(template.findResources(type))
  const named = Properties[document].Statement.flatMap(({ Principal }) => Principal.Service ?? [])
  return [...new Set(named)].join() || 'none'
}

const trail = new cdk.Stack(new cdk.App(), 'Trail', { env })
new aws_cloudtrail.Trail(trail, 'Trail', { encryptionKey: new aws_kms.Key(trail, 'Key') })
const written = cdk.assertions.Template.fromStack(trail)
console.log('a trail: its bucket grants', services(written, 'AWS::S3::BucketPolicy', 'PolicyDocument'))
console.log('a trail: its key grants', services(written, 'AWS::KMS::Key', 'KeyPolicy'))

const feed = new cdk.Stack(new cdk.App(), 'Feed', { env })
const queue = new aws_sqs.Queue(feed, 'Queue', { encryptionMasterKey: new aws_kms.Key(feed, 'Key') })
new aws_s3.Bucket(feed, 'Bucket').addEventNotification(
  aws_s3.EventType.OBJECT_CREATED,
  new aws_s3_notifications.SqsDestination(queue),
)
const contrast = cdk.assertions.Template.fromStack(feed)
console.log('a notified queue: its key grants', services(contrast, 'AWS::KMS::Key', 'KeyPolicy'))
JAVASCRIPT
(cd "$work" && node synthesize.js) | tee "$work/answers"
diff "$work/answers" - <<'EXPECTED'
a trail: its bucket grants cloudtrail.amazonaws.com
a trail: its key grants none
a notified queue: its key grants s3.amazonaws.com
EXPECTED
