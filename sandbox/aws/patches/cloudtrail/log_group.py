"""Whether CloudTrail could deliver to CloudWatch Logs: what AWS tries out of group and role.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sandbox.aws import lookups, request_context
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import Permission, role_may
from sandbox.aws.patches.cloudtrail.store import SERVICE
from sandbox.aws.patches.logs.store import find_group
from sandbox.aws.policy_evaluation import Effect, Principal, Request, decide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.cloudtrail.models import Trail
    from moto.iam.models import Role

_LOG_GROUP = re.compile(
    r"^arn:aws[a-z-]*:logs:(?P<region>[^:]+):(?P<account>\d{12}):log-group:(?P<name>[^:]+):\*$"
)
_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def check_log_group(trail: Trail) -> None:
    """Try a trail's log group and role out.

    Raises:
        AwsError: there is no such group in the trail's region, CloudTrail may not assume the role,
            or the role may not deliver.
    """
    group = trail.cw_log_group_arn or ""
    match = _LOG_GROUP.match(group)
    if match is None or match["region"] != trail.region_name or not _exists(match):
        raise AwsError(
            "InvalidCloudWatchLogsLogGroupArnException",
            f"CloudTrail cannot validate the specified log group ARN {group!r}: it must be the ARN "
            f"of an existing log group in {trail.region_name}, with :* at its end.",
        )
    role = _trusting_role(trail)
    for stream in _streams(trail, group.removesuffix("*")):
        for action in _ACTIONS:
            if not role_may(role, Permission(action=action, resource=stream), trail.region_name):
                raise AwsError(
                    "InvalidCloudWatchLogsRoleArnException",
                    "Access denied. Verify in IAM that the role has adequate permissions. "
                    f"({role.arn} may not {action} on {stream})",
                )


def _exists(match: re.Match[str]) -> bool:
    return (
        find_group(match["name"], account_id=match["account"], region=match["region"]) is not None
    )


def _trusting_role(trail: Trail) -> Role:
    arn = trail.cw_role_arn or ""
    role = lookups.role(arn)
    context = request_context.of_service(SERVICE, source_arn=trail.arn, account_id=trail.account_id)
    request = Request(Principal(service=SERVICE), "sts:AssumeRole", arn, context)
    if role is None or decide(json.loads(role.assume_role_policy_document), request) is not (
        Effect.ALLOW
    ):
        raise AwsError(
            "InvalidCloudWatchLogsRoleArnException",
            f"CloudTrail cannot assume the role {arn!r} to deliver to CloudWatch Logs.",
        )
    return role


def _streams(trail: Trail, group: str) -> Iterator[str]:
    """The streams of the account's own events, and of members' events in an organization trail."""
    yield f"{group}log-stream:{stream_name(trail, trail.account_id, trail.region_name)}"
    organization = trail.is_org_trail and lookups.organization_id(trail.account_id)
    if organization:
        stream = f"{organization}_{trail.account_id}_CloudTrail_{trail.region_name}"
        yield f"{group}log-stream:{stream}"


def stream_name(trail: Trail, account_id: str, region: str) -> str:
    """The log stream that the events of an account in a region go to."""
    organization = account_id != trail.account_id and lookups.organization_id(trail.account_id)
    return f"{organization}_" * bool(organization) + f"{account_id}_CloudTrail_{region}"
