"""The event bus of the security account, which forwarded alerts come to."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.detection.event_patterns import (
    forwarded_alarms_pattern,
    forwarded_calls_pattern,
    heartbeat_pattern,
)
from cloudtrail_guard.detection.messages import (
    BY_NAME,
    NAMES,
    Transformer,
    alarm_message,
    call_message,
)
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.event_bus import event_bus_policy
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.options import RULE_STATE, child_options

PERIOD = 300
SILENT_PERIODS = 3
"""How long there may be no sign of life, which rules send every five minutes: fifteen."""


class AlertBusArgs(TypedDict):
    """The arguments of `AlertBus`."""

    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic, in this account and region, that is notified of everything that comes."""
    sender_account_ids: NotRequired[Sequence[str]]
    """Ids of the other accounts whose forwarding rules send here, usually the management account.
    An alarm rings when they give no sign of life for 15 minutes. Default: none; rules of this
    account in other regions need no permission."""
    sender_rule_prefix: NotRequired[str]
    """How the names of those rules begin. Default: `cloudtrail-guard-forward`."""
    bus_name: NotRequired[str]
    """The bus's name, with which the names of its rules and its alarm begin. Default: the
    component's name."""


class AlertBus(pulumi.ComponentResource):
    """An event bus that other accounts forward tampering to, and cannot change.

    The senders may put events on it by their forwarding rules and do nothing else; its rules, its
    topic and its alarm are of this account.
    """

    event_bus_arn: pulumi.Output[str]
    """The bus's ARN, known once its policy lets the senders in."""

    def __init__(
        self, name: str, args: AlertBusArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make bus, rules and alarm.

        Args:
            name: the component's name.
            args: see `AlertBusArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: there are more senders than a rule can name.
        """
        super().__init__("cloudtrail-guard:index:AlertBus", name, {}, opts)
        args = checked_inputs(self, args)
        self._args = args
        self._title = args.get("bus_name", name)
        senders = args.get("sender_account_ids", ())
        # First, so that nothing is registered when there are too many accounts.
        signs_of_life = compute(
            self, lambda values: heartbeat_pattern(values["accounts"]), accounts=senders
        )
        bus = aws.cloudwatch.EventBus(
            f"{name}-bus",
            name=self._title,
            description="Takes in what tampering other accounts and regions see",
            opts=child_options(self),
        )
        for kind, services, pattern in (
            ("calls", NAMES.keys() - BY_NAME, forwarded_calls_pattern(BY_NAME, others=True)),
            ("named-calls", BY_NAME, forwarded_calls_pattern(BY_NAME)),
        ):
            self._notify(name, kind, bus, pattern, call_message("Tampering", services))
        self._notify(name, "alarms", bus, forwarded_alarms_pattern(), alarm_message())
        self.event_bus_arn = bus.arn
        if senders:
            self._heartbeat(name, bus, signs_of_life)
            location = caller_location(self)
            policy = aws.cloudwatch.EventBusPolicy(
                f"{name}-policy",
                event_bus_name=bus.name,
                policy=to_json(
                    event_bus_policy(
                        location.arn("events", f"event-bus/{self._title}"),
                        senders=senders,
                        rule_prefix=args.get("sender_rule_prefix", "cloudtrail-guard-forward"),
                    )
                ),
                opts=child_options(self),
            )
            self.event_bus_arn = pulumi.Output.all(bus.arn, policy.id).apply(
                lambda both: str(both[0])
            )
        self.register_outputs({"event_bus_arn": self.event_bus_arn})

    def _rule(
        self,
        name: str,
        kind: str,
        bus: "aws.cloudwatch.EventBus",
        pattern: pulumi.Input[str],
        description: str,
    ) -> "aws.cloudwatch.EventRule":
        return aws.cloudwatch.EventRule(
            f"{name}-{kind}",
            name=f"{self._title}-{kind}",
            description=description,
            event_bus_name=bus.name,
            event_pattern=pattern,
            state=RULE_STATE,
            opts=child_options(self),
        )

    def _notify(
        self,
        name: str,
        kind: str,
        bus: "aws.cloudwatch.EventBus",
        pattern: str,
        message: Transformer,
    ) -> None:
        rule = self._rule(name, kind, bus, pattern, "Notifies of what was forwarded")
        aws.cloudwatch.EventTarget(
            f"{name}-{kind}",
            rule=rule.name,
            event_bus_name=bus.name,
            target_id="alert-topic",
            arn=self._args["alert_topic_arn"],
            input_transformer={**message},
            opts=child_options(self),
        )

    def _heartbeat(
        self, name: str, bus: "aws.cloudwatch.EventBus", pattern: pulumi.Input[str]
    ) -> None:
        """An alarm for the time when nothing is forwarded any more, not even a sign of life.

        The rule has no target: its metric counts what it matches
        (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html).
        """
        description = "Counts the signs of life of the forwarding rules"
        rule = self._rule(name, "heartbeat", bus, pattern, description)
        aws.cloudwatch.MetricAlarm(
            f"{name}-heartbeat",
            name=f"{self._title}-heartbeat",
            alarm_description=(
                "Nothing is forwarded any more: the forwarding rules, their role or the bus "
                "were silenced"
            ),
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions={"EventBusName": bus.name, "RuleName": rule.name},
            statistic="Sum",
            period=PERIOD,
            evaluation_periods=SILENT_PERIODS,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[self._args["alert_topic_arn"]],
            opts=child_options(self),
        )
