"""Managed and inline policies, and the users and groups that hold them."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.utilities.utils import get_partition

from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_grammar import GrammarError, Kind, parse

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User

    from sandbox.aws.call import Answer, Call, Reply

    Holder: TypeAlias = Role | User | Group

KINDS = ("Role", "User", "Group")
"""Whom policies are attached to, as the names of the operations spell them."""


def backend(call: Call) -> IAMBackend:
    """The IAM of the caller's account."""
    return iam_backends[call.signer.account_id][call.partition]


def holder(call: Call) -> tuple[str, Holder]:
    """The kind and the object whose policies a call changes, e.g. AttachUserPolicy.

    Raises:
        NotFoundException: moto's: there is none of that name.
    """
    kind = next(kind for kind in KINDS if kind in call.action)
    found = backend(call)
    get = {"Role": found.get_role, "User": found.get_user, "Group": found.get_group}[kind]
    return kind, get(call.text(f"{kind}Name"))


def conflict(message: str) -> AwsError:
    """The error for what is still in use."""
    return AwsError("DeleteConflict", message)


def over_quota(message: str) -> AwsError:
    """The error for what IAM's quotas do not allow."""
    return AwsError("LimitExceeded", message)


def size(document: str) -> int:
    """The size of a policy as IAM counts it: without white space, in characters."""
    return len("".join(document.split()))


def rewritten(reply: Reply, old: str, new: str) -> Reply:
    """A reply of moto's with another text in its body."""
    body = reply.body.replace(old.encode(), new.encode())
    # Its length is another one, too.
    headers = tuple(entry for entry in reply.headers if entry[0].lower() != "content-length")
    return replace(reply, body=body, headers=headers)


_ATTACHMENTS = tuple(f"Attach{kind}Policy" for kind in KINDS)
_IDENTITY_POLICY = Kind(principal="forbidden", resource="required")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_MAX_SIZE, _MAX_ATTACHED = 6144, 10
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_ID_PREFIX, _ID_LENGTH = "ANPA", 17


@patch(
    "iam",
    (*_ATTACHMENTS, "GetPolicy", "GetPolicyVersion", "ListPolicyVersions"),
    "moto loads the 1,500 AWS managed policies only on request, for every account at once, which "
    "would cost the sandbox half a second; here the one that is named is loaded when it is used",
    limit="ListPolicies lists only the AWS managed policies that were used before",
)
def load_managed_policy(call: Call) -> None:
    """Load the AWS managed policy that a call names."""
    managed_policy(call, call.text("PolicyArn"))


@patch(
    "iam",
    (
        *("CreatePolicy", "CreatePolicyVersion"),
        *(f"Put{kind}Policy" for kind in KINDS),
    ),
    "moto checks policies with looser rules than AWS: it takes unknown condition operators and "
    "equal statement ids",
)
def check_policy(call: Call) -> None:
    """Refuse what is no policy of an identity."""
    try:
        parse(call.text("PolicyDocument"), _IDENTITY_POLICY)
    except GrammarError as error:
        raise AwsError("MalformedPolicyDocument", str(error)) from None


@patch(
    "iam",
    ("CreatePolicy", "CreatePolicyVersion"),
    "moto knows IAM's quota of a policy's size and does not apply it",
)
def check_size(call: Call) -> None:
    """Refuse a policy that is too long."""
    if size(call.text("PolicyDocument")) > _MAX_SIZE:
        raise over_quota(f"Cannot exceed quota for PolicySize: {_MAX_SIZE}")


@patch(
    "iam",
    _ATTACHMENTS,
    "moto counts a policy twice when it is attached twice, where AWS does nothing the second time, "
    "and attaches any number",
    limit="the quota of attached policies is the default one; AWS raises it on request",
)
def attach_policy(call: Call) -> Answer | None:
    """Do nothing when the policy is attached already."""
    kind, found = holder(call)
    if call.text("PolicyArn") in found.managed_policies:
        return {}
    if len(found.managed_policies) >= _MAX_ATTACHED:
        raise over_quota(f"Cannot exceed quota for PoliciesPer{kind}: {_MAX_ATTACHED}")
    return None


@patch(
    "iam",
    "DeletePolicy",
    "moto deletes a policy that is attached, is a permissions boundary or has several versions; "
    "AWS answers DeleteConflict",
)
def delete_policy(call: Call) -> None:
    """Refuse to delete what is in use."""
    arn = call.text("PolicyArn")
    policy = backend(call).managed_policies.get(arn)
    if policy is None:
        return
    boundary = any(role.permissions_boundary_arn == arn for role in backend(call).get_roles())
    if policy.attachment_count or boundary:
        raise conflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise conflict(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )


@patch("iam", "CreatePolicy", "moto's policy ids lack the prefix ANPA")
def create_policy(call: Call) -> Answer:
    """Give the new policy an id as AWS would."""
    policies = backend(call).managed_policies
    before = set(policies)
    reply = call.forward()
    for arn in set(policies) - before:
        policy = policies[arn]
        letters = string.ascii_uppercase + string.digits
        chosen = _ID_PREFIX + "".join(secrets.choice(letters) for _ in range(_ID_LENGTH))
        reply = rewritten(reply, policy.id, chosen)
        policy.id = chosen
    return reply


def managed_policy(call: Call, arn: str) -> ManagedPolicy | None:
    """A managed policy of the caller's account or of AWS, which is loaded if need be."""
    return managed_policy_in(backend(call), call.region, arn)


def managed_policy_in(found: IAMBackend, region: str, arn: str) -> ManagedPolicy | None:
    """A managed policy of an account or of AWS, which is loaded if need be.

    Args:
        found: the account's IAM.
        region: a region of the account's partition.
        arn: the policy's ARN.
    """
    if arn in found.managed_policies or f"arn:{get_partition(region)}:iam::aws:policy/" not in arn:
        return found.managed_policies.get(arn)
    name = arn.rpartition("/")[2]
    known = _aws_managed_policies().get(name)
    if known is None:
        return None
    policy = AWSManagedPolicy.from_data(name, found.account_id, region, known)
    found.managed_policies[policy.arn] = policy
    found.aws_managed_policies.append(policy)
    return policy


@cache
def _aws_managed_policies() -> dict[str, Any]:
    return json.loads(aws_managed_policies_data)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (characters)
_MAX_SIZES = {"Role": 10_240, "User": 2048, "Group": 5120}


@patch(
    "iam",
    tuple(f"Put{kind}Policy" for kind in KINDS),
    "moto knows IAM's quotas of inline policies and does not apply them",
)
def check_total_size(call: Call) -> None:
    """Refuse a policy that makes all inline policies of its holder together too long."""
    kind, found = holder(call)
    policies = dict(found.policies) | {call.text("PolicyName"): call.text("PolicyDocument")}
    if sum(map(size, policies.values())) > _MAX_SIZES[kind]:
        name = call.text(f"{kind}Name")
        raise over_quota(
            f"Maximum policy size of {_MAX_SIZES[kind]} bytes exceeded for {kind.lower()} {name}"
        )


@patch(
    "iam",
    "DeleteUser",
    "moto deletes users with access keys, a password, MFA devices, or in groups",
    limit="certificates, SSH keys and credentials of services do not hold a user back",
)
def delete_user(call: Call) -> None:
    """Refuse to delete a user that still has what AWS wants gone first."""
    found = backend(call)
    user = found.get_user(call.text("UserName"))
    held = {
        "remove user from all groups": found.get_groups_for_user(user.name),
        "delete access keys": user.access_keys,
        "delete login profile": user.password,
        "delete MFA device": user.mfa_devices,
    }
    for what, kept in held.items():
        if kept:
            raise conflict(f"Cannot delete entity, must {what} first.")


@patch("iam", "DeleteGroup", "moto deletes groups with policies and members")
def delete_group(call: Call) -> None:
    """Refuse to delete a group that is in use."""
    group = backend(call).get_group(call.text("GroupName"))
    held = {
        "remove users from group": group.users,
        "detach all policies": group.managed_policies,
        "delete policies": group.policies,
    }
    for what, kept in held.items():
        if kept:
            raise conflict(f"Cannot delete entity, must {what} first.")
