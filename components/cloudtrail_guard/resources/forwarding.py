"""Rules that forward events to an event bus of another account or region, and their role."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Arn, Location
from cloudtrail_guard.detection.event_patterns import silence_pattern
from cloudtrail_guard.detection.event_rules import TamperRule, role_pattern
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.event_bus import forwarding_policy, forwarding_trust_policy
from cloudtrail_guard.resources.options import RULE_STATE, child_options, keep_generated_name

HEARTBEAT = "rate(5 minutes)"
"""How often the rule that watches the others sends a sign of life, too: a rule may have a pattern
and a schedule (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html)."""

SILENCE_RULE = "silence"
"""The rule that forwards that a log group gets no events."""

ROLE_RULE = "role"
"""The rule that forwards what is done to the role of the others, with a role of its own: the event
comes when the role may already be broken."""

_LAST = "rules"
"""The rule that sees what is done to the others: while it lives, they cannot die unseen."""


def forwarding_prefix(rule_prefix: str) -> str:
    """How the names of forwarding rules begin, and what their role is called."""
    return f"{rule_prefix}-forward"


def forwarding_roles(rule_prefix: str) -> tuple[str, str]:
    """The names of the roles: that of all rules, and that of the rule on this role."""
    forward = forwarding_prefix(rule_prefix)
    return forward, f"{forward}-{ROLE_RULE}"


class Forwarding:
    """The forwarding rules of one component.

    Two roles forward: breaking either is reported by a rule of the other.

    Attributes:
        crosses_accounts: whether the bus is of another account.
        rule_prefix: how the names of the component's rules begin.
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
        self.rule_prefix = rule_prefix
        self._prefix, self._role_title = forwarding_roles(rule_prefix)
        self._name = f"{name}-forward"
        self._bus = str(bus)
        self._location = location
        self._role = self._make_role(self._name, self._prefix)

    def _make_role(self, name: str, title: str) -> pulumi.Output[str]:
        """A role for the rules whose names begin like its own; its ARN."""
        role = aws.iam.Role(
            name,
            name=title,
            description="EventBridge forwards what tampering it sees with it",
            assume_role_policy=to_json(forwarding_trust_policy(self._location, rule_prefix=title)),
            opts=child_options(self._component),
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=to_json(forwarding_policy(self._bus)),
            opts=keep_generated_name(child_options(self._component)),
        )
        # Through the policy: what is forwarded before is lost.
        return pulumi.Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))

    def rule(
        self, kind: TamperRule, pattern: pulumi.Input[str], region: str | None
    ) -> "aws.cloudwatch.EventRule":
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

    def silence(self, names: Sequence[str]) -> "aws.cloudwatch.EventRule":
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

    def role_rule(self, region: str | None) -> "aws.cloudwatch.EventRule":
        """The rule that forwards what is done to the role of the other rules.

        Args:
            region: the region of the events of IAM; None: the provider's.
        """
        return self._forward(
            ROLE_RULE,
            region,
            role=self._make_role(f"{self._name}-{ROLE_RULE}", self._role_title),
            description="Forwards: the role of the forwarding rules was changed",
            event_pattern=role_pattern(self._prefix),
        )

    def _forward(
        self,
        name: str,
        region: str | None,
        *,
        role: pulumi.Output[str] | None = None,
        **rule: Any,  # noqa: ANN401 - arguments of EventRule
    ) -> "aws.cloudwatch.EventRule":
        made = aws.cloudwatch.EventRule(
            f"{self._name}-{name}",
            name=f"{self._prefix}-{name}",
            state=RULE_STATE,
            region=region,
            opts=child_options(self._component),
            **rule,
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-{name}",
            rule=made.name,
            target_id="alert-bus",
            arn=self._bus,
            role_arn=role or self._role,
            region=region,
            opts=child_options(self._component),
        )
        return made
