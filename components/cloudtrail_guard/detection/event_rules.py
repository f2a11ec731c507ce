"""EventBridge patterns for tampering with trails, log bucket, key and what protects them.

The event names come from the table of operations.

A rule sees the events of its own account and region; those of Organizations and IAM come to
us-east-1 alone (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.operations import Target, events_on

GLOBAL_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1"}
"""By partition: the region whose event bus has the events of global services."""


@dataclass(frozen=True, kw_only=True)
class TamperRule:
    """An EventBridge rule for one kind of tampering.

    Attributes:
        name: part of the rule's name.
        description: what happened when it matches.
        pattern: the event pattern as JSON.
        is_global: whether the events come from a global service.
    """

    name: str
    description: str
    pattern: str
    is_global: bool = False


def tamper_rules(
    *, bucket: str | None = None, key_arn: str | None = None, organization: bool = False
) -> list[TamperRule]:
    """The rules for an account.

    Args:
        bucket: the log bucket's name, in the bucket's account.
        key_arn: the log key's ARN, in the key's account.
        organization: whether this is the management account, where Organizations' events are.
    """
    rules = [
        TamperRule(
            name="trail",
            description="A trail was stopped, deleted or changed",
            pattern=_calls("cloudtrail", events_on(Target.TRAIL, Target.CLOUDTRAIL)),
        )
    ]
    if bucket is not None:
        rules.append(_bucket_rule(bucket))
    if key_arn is not None:
        rules.append(_key_rule(key_arn))
    if organization:
        rules.append(_organization_rule())
    return rules


def _bucket_rule(bucket: str) -> TamperRule:
    return TamperRule(
        name="bucket",
        description="The log bucket's policy, lifecycle or protections were changed",
        pattern=_calls("s3", events_on(Target.BUCKET), requestParameters={"bucketName": [bucket]}),
    )


def _key_rule(key_arn: str) -> TamperRule:
    return TamperRule(
        name="key",
        description="The log key was disabled, scheduled for deletion or given another policy",
        pattern=_calls("kms", events_on(Target.KEY), resources={"ARN": [key_arn]}),
    )


def _organization_rule() -> TamperRule:
    return TamperRule(
        name="organization",
        description="Guardrails were detached or changed, or CloudTrail lost its access",
        pattern=_calls(
            "organizations",
            # An account that leaves calls in its own account; this one gets an event of it.
            [
                *events_on(
                    Target.ORGANIZATION,
                    Target.GUARDRAIL_POLICY,
                    Target.MEMBERSHIP,
                    service="organizations",
                ),
                "AccountDepartedOrganization",
            ],
            kinds=("AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"),
        ),
        is_global=True,
    )


def _calls(
    service: str,
    names: Sequence[str],
    *,
    kinds: Sequence[str] = ("AWS API Call via CloudTrail",),
    **detail: object,
) -> str:
    """A pattern for API calls that CloudTrail recorded, the denied ones too: they were attempts."""
    pattern = {
        "source": [f"aws.{service}"],
        "detail-type": list(kinds),
        "detail": {
            "eventSource": [f"{service}.amazonaws.com"],
            "eventName": list(names),
            **detail,
        },
    }
    return json.dumps(pattern, separators=(",", ":"), sort_keys=True)
