"""The form of names and ids, by the input that holds them: one table for every component.

A name means the same in every component, so a form belongs to the name. What else a value must
satisfy, such as which trails a policy admits, is checked where the document is made.
"""

import json
import re
from collections.abc import Callable, Mapping

from cloudtrail_guard.arns import (
    PARTITIONS,
    PERMISSION_SET_EXAMPLE,
    is_permission_set,
    parse_arn,
)
from cloudtrail_guard.errors import InvalidValueError

_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_DOTS_OF_AN_ADDRESS = 3
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
    if re.fullmatch(r"[0-9.]+", value) and value.count(".") == _DOTS_OF_AN_ADDRESS:
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
    if (
        arn is None
        or not re.fullmatch(r"key/[A-Za-z0-9-]+", arn.resource)
        or not (arn.region and arn.account)
    ):
        return "must be a key's ARN, like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-..."
    return None


def _matching(pattern: str, allowed: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: None if compiled.fullmatch(value) else f"must be {allowed}"


def _arn_of(
    service: str, resource: str, example: str, *, regional: bool
) -> Callable[[str], str | None]:
    """An ARN of this service with an account, whose last part matches the pattern."""
    compiled = re.compile(resource, re.ASCII)

    def problem(value: str) -> str | None:
        try:
            arn = parse_arn(value, service=service)
        except InvalidValueError:
            arn = None
        if (
            arn is None
            or not compiled.fullmatch(arn.resource)
            or not arn.account
            or bool(arn.region) is not regional
        ):
            return f"must be an ARN like {example}, without wildcards"
        return None

    return problem


_PATH = r"([!-.0-~]+/)*[\w+=,.@-]{1,64}"
"""A path of IAM, if there is one, and a name: the patterns of its API reference."""
_one_arn = _arn_of(
    "iam", rf"(role|user)/{_PATH}", "arn:aws:iam::111122223333:role/Deploy", regional=False
)


def exempt_arn(value: str) -> str | None:
    """What is wrong with the ARN of an exempt principal; None if nothing is."""
    problem = None if is_permission_set(value) else _one_arn(value)
    return problem and (
        f"{problem}, or the roles of a permission set of IAM Identity Center, like "
        f"{PERMISSION_SET_EXAMPLE}"
    )


_principal_arn = _arn_of(
    "iam", rf"root|(role|user)/{_PATH}", "arn:aws:iam::111122223333:role/Deploy", regional=False
)
_role_arn = _arn_of(
    "iam", rf"role/{_PATH}", "arn:aws:iam::111122223333:role/Deliver", regional=False
)
_topic_arn = _arn_of(
    "sns", r"[\w-]{1,256}", "arn:aws:sns:eu-central-1:111122223333:alerts", regional=True
)
_trail_arn = _arn_of(
    "cloudtrail",
    r"trail/[A-Za-z0-9._-]{3,128}",
    "arn:aws:cloudtrail:eu-central-1:111122223333:trail/Audit",
    regional=True,
)
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


def _json(kind: type, what: str) -> Callable[[str], str | None]:
    """A text that is JSON, of this kind."""

    def problem(value: str) -> str | None:
        try:
            fits = isinstance(json.loads(value), kind)
        except (ValueError, RecursionError):
            fits = False
        return None if fits else f"must be {what} as JSON"

    return problem


# The patterns of names are those of the services' API references, as botocore's models have them;
# a name that a component appends to is shorter by as much.
_topic_name = _matching(r"[\w-]{1,256}", "1 to 256 letters, digits, hyphens and underscores")
_feed_name = _matching(r"[\w-]{1,71}", "1 to 71 letters, digits, hyphens and underscores")
_function_name = _matching(r"[\w-]{1,55}", "1 to 55 letters, digits, hyphens and underscores")
_policy_name = _matching(r"[\w+=,.@-]{1,112}", "1 to 112 letters, digits and + = , . @ - _")
_rule_prefix = _matching(r"[\w-]{1,30}", "1 to 30 letters, digits, hyphens and underscores")
_log_group_name = _matching(
    r"[\w./#-]{1,512}", "a log group's name: 1 to 512 letters, digits and . - _ / #"
)
_metric_namespace = _matching(
    r"[A-Za-z0-9._/#-][A-Za-z0-9._/#:-]{0,254}",
    "a namespace of metrics: 1 to 255 letters, digits and . - _ / # :, no : first",
)
_workgroup_name = _matching(r"[\w.-]{1,128}", "1 to 128 letters, digits and . - _")
_alarm_prefix = _matching(r"[\w./-]{1,200}", "1 to 200 letters, digits and . - _ /")
_bus_name = _matching(
    r"(?!aws\.)[\w./-]{1,200}", "1 to 200 letters, digits and . - _ /, not beginning with aws."
)
_store_name = _matching(r"[\w.-]{3,128}", "3 to 128 letters, digits and . - _")
_analyzer_name = _matching(
    r"[A-Za-z][\w.-]{0,254}", "a letter, and up to 254 letters, digits and . - _"
)
_detector_id = _matching(r"[0-9a-f]{32}", "a detector's id: 32 letters a to f and digits")
_region = _matching(r"[a-z]{2,4}(-[a-z]+)+-\d+", "a region like eu-central-1")
_policy_id = _matching(r"p-[0-9a-zA-Z_]{8,128}", "a policy's id, like p-1a2b3c4d")
_monitoring_arn = _matching(
    rf"arn:({'|'.join(PARTITIONS)}):[a-z0-9-]+:[a-z0-9*-]*:(\d{{12}}|\*)?:[!-~]+",
    "an ARN or a pattern of one, like arn:aws:logs:eu-central-1:111122223333:log-group:trail*",
)

FORMATS: Mapping[str, Callable[[str], str | None]] = {
    "access_log_bucket_name": bucket_name,
    "further_bucket_names": bucket_name,
    "log_bucket_name": bucket_name,
    "log_bucket_names": bucket_name,
    "replica_bucket_name": bucket_name,
    "replica_bucket_names": bucket_name,
    "results_bucket_name": bucket_name,
    "s3_bucket_names": bucket_name,
    "alert_key_arn": key_arn,
    "existing_key_arn": key_arn,
    "further_key_arns": key_arn,
    "log_key_arn": key_arn,
    "other_key_arns": key_arn,
    "global_key_arns": key_arn,
    "replica_key_arn": key_arn,
    "results_key_arn": key_arn,
    "store_key_arn": key_arn,
    "break_glass_role_arns": exempt_arn,
    "deployer_role_arns": exempt_arn,
    "backup_role_arns": exempt_arn,
    "exempt_role_arns": exempt_arn,
    "consumer_arns": _principal_arn,
    "reader_arns": _principal_arn,
    "trusted_arns": _principal_arn,
    "delivery_role_arn": _role_arn,
    "replication_role_arn": _role_arn,
    "alert_topic_arn": _topic_arn,
    "global_alert_topic_arn": _topic_arn,
    "account_trail_arns": _trail_arn,
    "organization_trail_arn": _trail_arn,
    "trail_arn": _trail_arn,
    "monitoring_arns": _monitoring_arn,
    "own_role_arns": _monitoring_arn,
    "account_id": _account_id,
    "account_ids": _account_id,
    "excluded_account_ids": _account_id,
    "alias": _alias,
    "member_trail_names": _trail_name,
    "trail_name": _trail_name,
    "organization_id": _organization_id,
    "role_name": _role_name,
    "target_ids": _target_id,
    "event_selectors": _json(list, "a list of event selectors"),
    "trail_settings": _json(dict, "an object of settings"),
    "alarm_prefix": _alarm_prefix,
    "analyzer_name": _analyzer_name,
    "bus_name": _bus_name,
    "existing_detector_id": _detector_id,
    "feed_name": _feed_name,
    "function_name": _function_name,
    "log_group_name": _log_group_name,
    "log_group_names": _log_group_name,
    "namespace": _metric_namespace,
    "policy_ids": _policy_id,
    "policy_name": _policy_name,
    "region": _region,
    "replica_region": _region,
    "rule_prefix": _rule_prefix,
    "store_name": _store_name,
    "topic_name": _topic_name,
    "workgroup_name": _workgroup_name,
}
"""What is wrong with a value, by the Python name of the input; a list's items are checked alike."""

RANGES: Mapping[str, tuple[int, int]] = {
    "digest_hours": (1, 24),
    "log_file_hours": (1, 24),
    "expire_results_after_days": (1, 2**31 - 1),
    "failure_tolerance_percentage": (0, 100),
    "max_concurrent_percentage": (1, 100),
    "policies_per_target": (2, 10),
    "policy_size": (1, 10_240),
    "visibility_timeout_seconds": (0, 43_200),
}
"""The least and the most of a number, by the Python name of the input."""
