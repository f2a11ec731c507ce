"""A trail's topics are encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.engine.values import is_blank
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.monitoring import JOINED_WITH_TOPICS, TOPICS, trail_topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for topic in trail_topics(stack):
        key = topic.properties.get("kmsMasterKeyId")
        if is_blank(key) or (isinstance(key, str) and key.endswith("alias/aws/sns")):
            state = "is the key that AWS manages for SNS" if key else "is not set"
            yield Violation(
                resource=topic,
                path="kmsMasterKeyId",
                problem=f"{state}: notifications are not encrypted, or do not arrive",
                remediation="set kmsMasterKeyId to a customer managed key that admits the sender",
            )


RULE = StackRule(
    id="trail-topic-encrypted",
    title="A topic that a trail or its alarms notify is encrypted with a KMS key.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TOPICS,
    joins=JOINED_WITH_TOPICS,
    controls=controls("sns_topics_kms_encryption_at_rest_enabled", "SNS.1"),
    link="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    rationale=(
        "Notifications say what an investigator looks for, and where log files lie. Encryption"
        " needs a customer managed key: the policy of alias/aws/sns admits neither CloudWatch"
        " alarms nor CloudTrail."
    ),
    remediation="Set kmsMasterKeyId to a customer managed key.",
    check=_check,
)
