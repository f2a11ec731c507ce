"""A role with the one policy that says what it may."""

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.resources.options import child_options, keep_generated_name


def role_with_policy(  # noqa: PLR0913 - all that a role is made of
    parent: pulumi.Resource,
    name: str,
    *,
    role_name: str,
    description: str,
    trust: pulumi.Input[str],
    permissions: pulumi.Input[str],
) -> pulumi.Output[str]:
    """Make a role, and return its ARN, known once its policy is in place.

    Args:
        parent: the component that the role belongs to.
        name: the resources' name.
        role_name: the role's name in AWS.
        description: what the role is for.
        trust: who may assume it, as JSON.
        permissions: what it may, as JSON.
    """
    role = aws.iam.Role(
        name,
        name=role_name,
        description=description,
        assume_role_policy=trust,
        opts=child_options(parent),
    )
    policy = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=permissions,
        opts=keep_generated_name(child_options(parent)),
    )
    return pulumi.Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))
