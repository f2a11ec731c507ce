"""The conditions that the documents share: who is exempt from a deny."""

import re
from collections.abc import Sequence

from cloudtrail_guard.arns import PERMISSION_SET_EXAMPLE, is_permission_set, parse_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import distinct, one_or_many

_ONE = ("role/", "user/")


def require_exempt_roles(
    what: str, break_glass: Sequence[str], deployers: Sequence[str] = ()
) -> None:
    """Reject a deny that no one could ever undo, or an exemption of more than one principal.

    Raises:
        InvalidValueError: no break-glass role is given, or an exempt ARN is not of IAM, has a
            wildcard and is no permission set's, or stands for a whole account.
    """
    if not break_glass:
        raise InvalidValueError(
            f"{what} has no break-glass role: its denies would lock everybody out for good; "
            "name at least one role by its full ARN, e.g. arn:aws:iam::111122223333:role/AdminRole"
        )
    for arn in (*break_glass, *deployers):
        parsed = parse_arn(arn, service="iam", what=f"{what}: exempt principal")
        is_one = "*" not in arn and "?" not in arn and parsed.resource.startswith(_ONE)
        if not is_one and not is_permission_set(arn):
            raise InvalidValueError(
                f"{what}: exempt principal {arn!r} must be one role or user by its full ARN, "
                "without wildcards: a name or pattern could be taken in any account; or the roles "
                f"of a permission set of IAM Identity Center, like {PERMISSION_SET_EXAMPLE}"
            )


def require_organization(what: str, member_trails: Sequence[str], organization: str | None) -> None:
    """Reject trails that are admitted by name, if it is not said of which organization.

    Raises:
        InvalidValueError: there are names and no organization, or a name has a wildcard.
    """
    if member_trails and organization is None:
        raise InvalidValueError(
            f"{what} admits the member trails {', '.join(member_trails)} without an organization "
            "id (o-...): anybody's trail of that name could write"
        )
    for name in member_trails:
        if not re.fullmatch(r"[A-Za-z0-9._-]{3,128}", name):
            raise InvalidValueError(
                f"{what}: member trail {name!r} must be a trail's name, 3 to 128 letters, digits, "
                "periods, underscores and hyphens, without wildcards"
            )


def member_trail_arns(partition: str, names: Sequence[str]) -> list[str]:
    """The trails of these names in any account and region, as patterns."""
    return [f"arn:{partition}:cloudtrail:*:*:trail/{name}" for name in distinct(names)]


def from_member_trails(
    partition: str, names: Sequence[str], organization: str | None
) -> dict[str, dict[str, object]]:
    """For an Allow of CloudTrail: only for trails of these names, of this organization's accounts.

    The account is left open, so the organization is what keeps others away
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return {
        "ArnLike": {"aws:SourceArn": one_or_many(member_trail_arns(partition, names))},
        "StringEquals": {"aws:SourceOrgID": organization},
    }


def exempt_principals(arns: Sequence[str]) -> dict[str, dict[str, object]]:
    """For a Deny: it holds for everyone but these principals, of whom some may be patterns.

    ``aws:PrincipalArn`` is the role's own ARN, with its path, for every session of the role
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return {"ArnNotLike": {"aws:PrincipalArn": one_or_many(distinct(arns))}}


def not_a_service() -> dict[str, dict[str, str]]:
    """For a Deny: it holds for every principal that is not an AWS service.

    ``IfExists``, because anonymous requests carry no ``aws:PrincipalIsAWSService`` at all.
    """
    return {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
