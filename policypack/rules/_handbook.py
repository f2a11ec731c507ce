"""What the handbook page says of all rules together."""

from typing import Final

NOTES: Final = """\
## What is judged

A pack judges one stack in a run, whoever wrote the program and in whichever language.

- **Trails**: every `aws:cloudtrail/trail:Trail` and `aws-native:cloudtrail:Trail`.
- **Log buckets**: a bucket of pulumi-aws is a log bucket if a trail of the same stack writes to it,
  or if its bucket policy lets `cloudtrail.amazonaws.com` put objects. So a stack that holds bucket
  and key, while the trail belongs to another stack or account, is judged too. All other buckets are
  none of these rules' business.
- **Log keys**: a KMS key that a trail of the same stack encrypts with, by ARN or alias, or whose
  policy lets `cloudtrail.amazonaws.com` generate data keys.
- **Guardrails**: service control policies of pulumi-aws, and their attachments.
- **Monitoring**: the log group that a trail of the same stack sends events to, the metric filters
  on it, the alarms on their metrics, and the topics that those alarms or the trail notify.

What belongs to a bucket or key is found by what the engine knows of references, which it knows in
a preview too; by name or ARN; and where two names come from the same unknown value. Separate
resources (`BucketVersioning`, `BucketPolicy`, ...), their `V2` predecessors and the bucket's own
properties all count; a separate resource wins over the bucket's own property.

Rules judge what the program asks for. A resource that a program only reads (`Bucket.get`) is judged
by what the provider answers.

## What a rule cannot see, and why

- **Other stacks.** A stack reference brings values, not resources.
  `log-bucket-organization-prefix`, for instance, needs trail and bucket in one stack.
- **A policy that is not known yet.** A document that embeds an output of a resource that is not
  made yet, such as `bucket.arn`, is unknown as a whole in a preview. Then nobody knows either what
  an otherwise unmentioned bucket or key is for: `log-bucket-source-arn` and
  `log-key-encryption-context` say so, and the update decides. Documents built from names and
  account ids are known from the first preview on.
- **An update's end, for stack rules.** They run when everything is deployed: a mandatory violation
  fails the update, but does not prevent it. Run the pack on previews.
- **What is set elsewhere in AWS.** The account's own public access block, IAM policies, SCPs that
  other stacks attach, and what was changed by hand since the last refresh.
- **What a policy means.** Rules recognise statements by their form, and evaluate no request. A Deny
  in another form than AWS's examples, with `NotPrincipal` for instance, may not be recognised.
- **Buckets, keys and log groups of pulumi-aws-native.** Their properties are shaped differently;
  only trails are judged of that provider.
- **Which account a trail is in.** `cloudtrail-organization-trail` takes resources of AWS
  Organizations in the same stack for a sign of the management account.

## In continuous integration

On GitHub, call the workflow `.github/workflows/policy-check.yml` of this repository. It previews a
stack of any language with the pack of the commit that `uses` pins, shows the findings as
annotations of the pull request, and uploads them to code scanning:

```yaml
name: policies
on: pull_request
permissions: {}
jobs:
  policies:
    permissions:
      contents: read
      id-token: write # to assume the role that may read, and nothing else
      security-events: write # to upload the findings
    uses: OWNER/cloudtrail-guard/.github/workflows/policy-check.yml@COMMIT
    with:
      stack: dev
      policy-config: cis-aws-5.0
      aws-role: ${{ vars.PREVIEW_ROLE }}
    secrets:
      pulumi-access-token: ${{ secrets.PULUMI_ACCESS_TOKEN }}
```

Elsewhere, install the pack into the project (`pip install cloudtrail-guard-policies` and
`cloudtrail-guard-policies init`) and run what the workflow runs:

```sh
export PULUMI_DEBUG_COMMANDS=true    # for --event-log
pulumi preview --stack dev --policy-pack policypack --event-log events.jsonl || failed=1
pulumi preview --stack dev --json > positions.json
cloudtrail-guard-policies report events.jsonl --positions positions.json --format junit
```

`report` writes SARIF, JUnit XML, or annotations of GitHub Actions (`--format github`). The second
preview, without the pack, tells which line of the program declares which resource; the event log
does not. Leave it out, and the findings point to `Pulumi.yaml`. The events of `pulumi up --json`
and of `pulumi policy analyze --json` are read as well.
"""
