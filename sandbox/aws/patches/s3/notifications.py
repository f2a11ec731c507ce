"""Notifications of a bucket: moto keeps them in part, and tries no destination out."""

from __future__ import annotations

import json
import re
import uuid
from http import HTTPStatus
from itertools import combinations
from typing import TYPE_CHECKING, Any

from moto.s3.notifications import S3NotificationEvent

from sandbox.aws import lookups
from sandbox.aws.buckets import existing, extras
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.enforcement import Permission, ResourcePolicy, may_service
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_conditions import like

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Answer, Call

_S3 = "s3.amazonaws.com"
_ARN = re.compile(
    r"^arn:aws[a-z-]*:(?P<service>sns|sqs|lambda):(?P<region>[^:]+):(?P<account>\d{12})"
    r":(?:function:)?(?P<name>[^:]+)(?::(?P<qualifier>[^:]+))?$"
)
_ACTIONS = {
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "lambda": "lambda:InvokeFunction",
}


def region_of(arn: str, service: str) -> str | None:
    """The region of a destination; None for what is no ARN of the service."""
    match = _ARN.match(arn)
    return match["region"] if match and match["service"] == service else None


def refusal(bucket: FakeBucket, arn: str) -> str:
    """Why S3 could not notify a topic, queue or function; empty if it could.

    Args:
        bucket: whose notifications they are.
        arn: the destination, an ARN for which `region_of` knows the region.
    """
    match = _ARN.match(arn)
    found = match and _find(match)
    if not match or found is None:
        return f"{arn} does not exist"
    policy, key = found
    action, owner = _ACTIONS[match["service"]], match["account"]
    permission = Permission(
        action=action, resource=arn, owner=owner, policy=ResourcePolicy(text=policy)
    )
    if not _may(bucket, permission):
        return f"the policy of {arn} does not allow {action} to {_S3} for {bucket.arn}"
    return _key_refusal(bucket, key, match) if key else ""


def _may(bucket: FakeBucket, permission: Permission) -> bool:
    return may_service(_S3, permission, source_arn=bucket.arn, account_id=bucket.account_id)


def _find(match: re.Match[str]) -> tuple[str, str] | None:
    """The policy of a destination and its KMS key, if it has one; None if it does not exist."""
    if match["service"] == "sns":
        topic = lookups.topic(match[0])
        return topic and (topic.policy, str(topic.kms_master_key_id or ""))
    if match["service"] == "sqs":
        queue = lookups.queue(match[0])
        key = str(getattr(queue, "kms_master_key_id", None) or "")
        return queue and (str(queue.policy or ""), key)
    # Few buckets invoke functions: this part of moto would cost every start.
    from moto.awslambda.exceptions import UnknownFunctionException  # noqa: PLC0415 (see above)
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 (see above)

    functions = lambda_backends[match["account"]][match["region"]]
    try:
        function = functions.get_function(match["name"], match["qualifier"])
    except UnknownFunctionException:
        return None
    return json.dumps({"Statement": function.policy.statements}), ""


def _key_refusal(bucket: FakeBucket, key_id: str, match: re.Match[str]) -> str:
    """Why S3 could not encrypt for a topic or queue.

    An AWS managed key, such as alias/aws/sns, lets no other service in.
    """
    key = lookups.key(key_id, account_id=match["account"], region=match["region"])
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        if key is None or not _may(bucket, on_key(key, action, {})):
            return f"the key {key_id} of {match[0]} does not allow {action} to {_S3}"
    return ""


_KINDS = {
    "TopicConfigurations": ("TopicArn", "sns"),
    "QueueConfigurations": ("QueueArn", "sqs"),
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "lambda"),
}
"""The lists of a configuration, each with the member that names its targets, and their service."""


@patch(
    "s3",
    "PutBucketNotificationConfiguration",
    "moto drops EventBridgeConfiguration; it checks neither that a target exists nor that it lets "
    "S3 in, and would run functions in Docker",
    limit="functions, and targets in other accounts, are not notified; EventBridge gets no events "
    "of objects",
)
def put_bucket_notification(call: Call) -> Answer:
    """Check and keep the whole configuration; moto notifies topics and queues."""
    bucket = existing(call)
    configuration = call.params.get("NotificationConfiguration") or {}
    targets = [
        (target, str(target.get(member)), service)
        for kind, (member, service) in _KINDS.items()
        for target in configuration.get(kind, [])
    ]
    for target, arn, service in targets:
        _check_target(bucket, target, arn, service)
        target.setdefault("Id", uuid.uuid4().hex)
    _check_overlaps([target for target, _, _ in targets])
    if not call.flag("SkipDestinationValidation"):
        _try_out(bucket, [arn for _, arn, _ in targets])
    extras(bucket).notification = configuration
    bucket.set_notification_configuration(_of_moto(bucket, configuration))
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketNotificationConfiguration", "moto drops EventBridgeConfiguration")
def get_bucket_notification(call: Call) -> Answer:
    """Return the notifications."""
    return extras(existing(call)).notification or {}


def _check_target(bucket: FakeBucket, target: Mapping[str, Any], arn: str, service: str) -> None:
    region = region_of(arn, service)
    if region is None:
        raise _invalid("The ARN could not be parsed", arn)
    if region != bucket.region_name:
        raise _invalid(
            "The notification destination service region is not valid for the bucket location "
            "constraint",
            arn,
        )
    events = target.get("Events") or []
    allowed = S3NotificationEvent.events()
    unknown = [event for event in events if event not in allowed]
    if unknown or not events:
        raise _invalid("The event is not supported for notifications", ", ".join(unknown))
    for rule in _filter_rules(target):
        if rule.get("Name", "").lower() not in ("prefix", "suffix"):
            raise _invalid("filter rule name must be either prefix or suffix", rule.get("Name"))


def _filter_rules(target: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return ((target.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []


def _check_overlaps(targets: Sequence[Mapping[str, Any]]) -> None:
    """Refuse two targets for the same event of the same object.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
    """
    if len({target["Id"] for target in targets}) != len(targets):
        raise _invalid("Same ID used for multiple configurations", None)
    for one, other in combinations(targets, 2):
        same_events = any(
            like(mine, theirs) or like(theirs, mine)
            for mine in one["Events"]
            for theirs in other["Events"]
        )
        prefix, suffix = _filters(one)
        other_prefix, other_suffix = _filters(other)
        if (
            same_events
            and _contains(prefix, other_prefix)
            and _contains(suffix[::-1], other_suffix[::-1])
        ):
            raise _invalid(
                "Configurations overlap. Configurations on the same bucket cannot share a common "
                "event type",
                f"{one['Id']}, {other['Id']}",
            )


def _contains(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _filters(target: Mapping[str, Any]) -> tuple[str, str]:
    """Prefix and suffix of the objects that a target is notified of."""
    rules = {rule["Name"].lower(): rule.get("Value") or "" for rule in _filter_rules(target)}
    return rules.get("prefix", ""), rules.get("suffix", "")


def _try_out(bucket: FakeBucket, arns: Sequence[str]) -> None:
    refusals = [reason for arn in arns if (reason := refusal(bucket, arn))]
    if refusals:
        raise _invalid(
            "Unable to validate the following destination configurations", "; ".join(refusals)
        )


def _of_moto(bucket: FakeBucket, configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration for moto: it finds topics and queues of the bucket's account."""
    return {
        f"{member.removesuffix('Arn')}Configuration": [
            {
                member.removesuffix("Arn"): target[member],
                "Event": target["Events"],
                "Id": target["Id"],
                "Filter": {"S3Key": {"FilterRule": _lower(_filter_rules(target))}},
            }
            for target in configuration.get(kind, [])
            if target[member].split(":")[4] == bucket.account_id
        ]
        for kind, (member, service) in _KINDS.items()
        if service != "lambda"
    }


def _lower(rules: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"Name": rule["Name"].lower(), "Value": rule["Value"]} for rule in rules]


def _invalid(message: str, value: object) -> AwsError:
    return AwsError("InvalidArgument", f"{message}: {value}" if value else message)
