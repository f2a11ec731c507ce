"""The form of names and ids, by the input that holds them: one table for every component.

A name means the same in every component, so a form belongs to the name. What else a value must
satisfy, such as which trails a policy admits, is checked where the document is made.
"""

import re
from collections.abc import Callable, Mapping

from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.errors import InvalidValueError

_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def bucket_name(value: str) -> str | None:
    """What is wrong with a bucket's name; None if nothing is.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value) or ".." in value:
        return (
            "must have 3 to 63 lowercase letters, digits, hyphens and single periods, and begin "
            "and end with a letter or digit"
        )
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", value):
        return "must not look like an IP address"
    if value.startswith(_RESERVED_STARTS) or value.endswith(_RESERVED_ENDS):
        return (
            f"must not begin with {', '.join(_RESERVED_STARTS)} or end with "
            f"{', '.join(_RESERVED_ENDS)}: S3 reserves them"
        )
    return None


def key_arn(value: str) -> str | None:
    """What is wrong with a key's ARN; None if nothing is. An alias is no key."""
    try:
        arn = parse_arn(value, service="kms")
    except InvalidValueError:
        arn = None
    if arn is None or not arn.resource.startswith("key/"):
        return "must be a key's ARN, like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-..."
    return None


def _matching(pattern: str, allowed: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: None if compiled.fullmatch(value) else f"must be {allowed}"


_account_id = _matching(r"\d{12}", "an account id of 12 digits")
_organization_id = _matching(r"o-[a-z0-9]{10,32}", "an organization id like o-a1b2c3d4e5")
_target_id = _matching(
    r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12}",
    "the id of a root (r-a1b2), of an OU (ou-a1b2-c3d4e5f6) or of an account (12 digits)",
)
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
_trail_name = _matching(
    r"(?=.{3,128}$)(?!\d+\.\d+\.\d+\.\d+$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*",
    "a trail's name: 3 to 128 letters, digits, and single periods, underscores and hyphens between "
    "them",
)
_alias = _matching(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}", "a key's alias, like alias/audit-logs")
_role_name = _matching(
    r"[\w+=,.@-]{1,64}", "a role's name: 1 to 64 letters, digits and + = , . @ - _"
)

FORMATS: Mapping[str, Callable[[str], str | None]] = {
    "access_log_bucket_name": bucket_name,
    "further_bucket_names": bucket_name,
    "log_bucket_name": bucket_name,
    "log_bucket_names": bucket_name,
    "replica_bucket_name": bucket_name,
    "results_bucket_name": bucket_name,
    "s3_bucket_names": bucket_name,
    "alert_key_arn": key_arn,
    "existing_key_arn": key_arn,
    "further_key_arns": key_arn,
    "log_key_arn": key_arn,
    "results_key_arn": key_arn,
    "store_key_arn": key_arn,
    "account_id": _account_id,
    "account_ids": _account_id,
    "excluded_account_ids": _account_id,
    "alias": _alias,
    "member_trail_names": _trail_name,
    "trail_name": _trail_name,
    "organization_id": _organization_id,
    "role_name": _role_name,
    "target_ids": _target_id,
}
"""What is wrong with a value, by the Python name of the input; a list's items are checked alike."""
