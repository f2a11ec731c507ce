import json

import pulumi_aws as aws

document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}],
}
policy = aws.organizations.Policy("protect-cloudtrail", content=json.dumps(document))
aws.organizations.PolicyAttachment("protect-cloudtrail", policy_id=policy.id, target_id="r-a1b2")
