import json

import pulumi_aws as aws

# One policy for each action: the eleventh is one too many.
for number in range(11):
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": f"cloudtrail:Action{number}", "Resource": "*"}],
    }
    policy = aws.organizations.Policy(f"deny-{number}", content=json.dumps(document))
    aws.organizations.PolicyAttachment(f"deny-{number}", policy_id=policy.id, target_id="r-a1b2")
