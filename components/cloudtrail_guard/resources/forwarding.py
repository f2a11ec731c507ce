"""Rules that forward events to an event bus of another account or region, and their role."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Arn, Location
from cloudtrail_guard.detection.event_patterns import silence_pattern
from cloudtrail_guard.detection.event_rules import TamperRule
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.event_bus import forwarding_policy, forwarding_trust_policy
from cloudtrail_guard.resources.options import child_options, keep_generated_name

HEARTBEAT = "rate(15 minutes)"
"""How often the rule that watches the others sends a sign of life, too: a rule may have a pattern
and a schedule (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html)."""

SILENCE_RULE = "silence"
"""The rule that forwards that a log group gets no events."""

_LAST = "rules"
"""The rule that sees what is done to the others: while it lives, they cannot die unseen."""


def forwarding_prefix(rule_prefix: str) -> str:
    """How the names of forwarding rules begin, and what their role is called."""
    return f"{rule_prefix}-forward"


class Forwarding:
    """The forwarding rules of one component.

    Attributes:
        crosses_accounts: whether the bus is of another account.
    """

    def __init__(
        self,
        component: pulumi.ComponentResource,
        name: str,
        *,
        rule_prefix: str,
        bus: Arn,
        location: Location,
    ) -> None:
        """Make the role.

        Args:
            component: the parent of everything.
            name: how the children's names begin.
            rule_prefix: how the names of the component's rules begin.
            bus: the bus.
            location: where the component is.
        """
        self.crosses_accounts = bus.account != location.account
        self._component = component
        self._prefix = forwarding_prefix(rule_prefix)
        self._name = f"{name}-forward"
        self._bus = str(bus)
        role = aws.iam.Role(
            self._name,
            name=self._prefix,
            description="EventBridge forwards what tampering it sees with it",
            assume_role_policy=to_json(forwarding_trust_policy(location, rule_prefix=self._prefix)),
            opts=child_options(component),
        )
        policy = aws.iam.RolePolicy(
            self._name,
            role=role.name,
            policy=to_json(forwarding_policy(self._bus)),
            opts=keep_generated_name(child_options(component)),
        )
        # Through the policy: what is forwarded before is lost.
        self._role = pulumi.Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))

    def rule(
        self, kind: TamperRule, pattern: pulumi.Input[str], region: str | None
    ) -> aws.cloudwatch.EventRule:
        """A rule that forwards what it matches.

        Args:
            kind: the kind of tampering.
            pattern: its pattern.
            region: the region of the rule; None: the provider's.
        """
        lives = self.crosses_accounts and kind.name == _LAST
        return self._forward(
            kind.name,
            region,
            description=f"Forwards: {kind.description}",
            event_pattern=pattern,
            schedule_expression=HEARTBEAT if lives else None,
        )

    def silence(self, names: Sequence[str]) -> aws.cloudwatch.EventRule:
        """The rule that forwards that an alarm on a log group without events rings.

        Its metric is of the log group's account, so the alarm is there too.

        Args:
            names: how the names of alarms begin.
        """
        return self._forward(
            SILENCE_RULE,
            None,
            description="Forwards: the trail's log group gets no events",
            event_pattern=silence_pattern(names),
        )

    def _forward(
        self,
        name: str,
        region: str | None,
        **rule: Any,  # noqa: ANN401 - arguments of EventRule
    ) -> aws.cloudwatch.EventRule:
        made = aws.cloudwatch.EventRule(
            f"{self._name}-{name}",
            name=f"{self._prefix}-{name}",
            region=region,
            opts=child_options(self._component),
            **rule,
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-{name}",
            rule=made.name,
            target_id="alert-bus",
            arn=self._bus,
            role_arn=self._role,
            region=region,
            opts=child_options(self._component),
        )
        return made
