"""The conditions that the documents share: who is exempt from a deny."""

from collections.abc import Sequence

from cloudtrail_guard.documents.arns import parse_arn
from cloudtrail_guard.documents.policy import DocumentError, distinct, one_or_many


def require_exempt_roles(
    what: str, break_glass: Sequence[str], deployers: Sequence[str] = ()
) -> None:
    """Refuse a deny that nobody could ever undo, or whose exemption names more than one principal.

    Raises:
        DocumentError: no break-glass role is given, an exempt ARN is not of IAM, it has a wildcard,
            or it stands for a whole account.
    """
    if not break_glass:
        raise DocumentError(
            f"{what} has no break-glass role: its denies would lock everybody out for good; "
            "name at least one role by its full ARN, e.g. arn:aws:iam::111122223333:role/AdminRole"
        )
    for arn in (*break_glass, *deployers):
        parsed = parse_arn(arn, service="iam", what=f"{what}: exempt principal")
        if "*" in arn or "?" in arn or not parsed.resource.startswith(("role/", "user/")):
            raise DocumentError(
                f"{what}: exempt principal {arn!r} must be one role or user by its full ARN, "
                "without wildcards: a name or pattern could be taken in any account"
            )


def exempt_principals(
    arns: Sequence[str], *, operator: str = "StringNotEquals"
) -> dict[str, dict[str, object]]:
    """For a Deny: it holds for everyone but these principals.

    ``aws:PrincipalArn`` is the role's own ARN for every session of the role
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return {operator: {"aws:PrincipalArn": one_or_many(distinct(arns))}}


def not_a_service() -> dict[str, dict[str, str]]:
    """For a Deny: it holds for every principal that is not an AWS service.

    ``IfExists``, because anonymous requests carry no ``aws:PrincipalIsAWSService`` at all.
    """
    return {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
