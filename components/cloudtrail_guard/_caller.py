"""Who deploys: asked of AWS, so that no policy can lock out the role that applies it."""

import pulumi
import pulumi_aws as aws


def caller_account(component: pulumi.Resource) -> pulumi.Output[str]:
    """The 12-digit id of the account that is deployed to."""
    opts = pulumi.InvokeOutputOptions(parent=component)
    return aws.get_caller_identity_output(opts=opts).account_id


def deploying_principals(component: pulumi.Resource) -> pulumi.Output[list[str]]:
    """The role (or user) that deploys, by its full ARN.

    A session's own ARN lacks the role's path; IAM's session context has the role itself
    (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_session_context).
    """
    opts = pulumi.InvokeOutputOptions(parent=component)
    caller = aws.get_caller_identity_output(opts=opts)
    session = aws.iam.get_session_context_output(arn=caller.arn, opts=opts)
    return session.issuer_arn.apply(lambda arn: [arn])
