"""Where a bucket's notifications go: what S3 tries out before it takes a configuration.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups, request_context
from sandbox.aws.policy_evaluation import Effect, Principal, Request, decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.s3.models import FakeBucket

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
    context = request_context.of_service(_S3, source_arn=bucket.arn, account_id=bucket.account_id)
    action = _ACTIONS[match["service"]]
    if decide(policy, Request(Principal(service=_S3), action, arn, context)) is not Effect.ALLOW:
        return f"the policy of {arn} does not allow {action} to {_S3} for {bucket.arn}"
    return _key_refusal(key, match, context) if key else ""


def _find(match: re.Match[str]) -> tuple[Mapping[str, Any], str] | None:
    """The policy of a destination and its KMS key, if it has one; None if it does not exist."""
    account, region, name = match["account"], match["region"], match["name"]
    # Few buckets notify: these parts of moto would cost every start.
    if match["service"] == "sns":
        from moto.sns.models import sns_backends  # noqa: PLC0415 (see above)

        topic = sns_backends[account][region].topics.get(match[0])
        return topic and (json.loads(topic.policy), topic.kms_master_key_id)
    if match["service"] == "sqs":
        from moto.sqs.models import sqs_backends  # noqa: PLC0415 (see above)

        queue = sqs_backends[account][region].queues.get(name)
        key = str(getattr(queue, "kms_master_key_id", None) or "")
        return queue and (json.loads(queue.policy or "{}"), key)
    from moto.awslambda.exceptions import UnknownFunctionException  # noqa: PLC0415 (see above)
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 (see above)

    try:
        function = lambda_backends[account][region].get_function(name, match["qualifier"])
    except UnknownFunctionException:
        return None
    return {"Statement": function.policy.statements}, ""


def _key_refusal(key_id: str, match: re.Match[str], context: Mapping[str, str]) -> str:
    """Why S3 could not encrypt for a topic or queue.

    An AWS managed key, such as alias/aws/sns, lets no other service in.
    """
    key = lookups.key(key_id, account_id=match["account"], region=match["region"])
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        request = Request(Principal(service=_S3), action, key.arn if key else key_id, context)
        if key is None or decide(json.loads(key.policy), request) is not Effect.ALLOW:
            return f"the key {key_id} of {match[0]} does not allow {action} to {_S3}"
    return ""
