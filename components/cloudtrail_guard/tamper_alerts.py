"""Alerts within a minute of somebody tampering with trails, logs, key or guardrails."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.detection.event_rules import GLOBAL_REGIONS, TamperRule, tamper_rules
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.options import child_options

MESSAGE_PATHS = {
    "what": "$.detail.eventName",
    "who": "$.detail.userIdentity.arn",
    "account": "$.account",
    "region": "$.detail.awsRegion",
    "where": "$.detail.sourceIPAddress",
    "when": "$.detail.eventTime",
    "refused": "$.detail.errorCode",
    "id": "$.detail.eventID",
}
"""Where an event has what a person wants to know first."""

MESSAGE = (
    "<what> by <who> from <where> in account <account>, region <region>, at <when>. "
    "Refused with: <refused>. Event <id>."
)


class TamperAlertsArgs(TypedDict):
    """The arguments of `TamperAlerts`."""

    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic, in this region, that is notified."""
    log_bucket_name: NotRequired[pulumi.Input[str]]
    """The log bucket's name, in the bucket's account."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """The log key's ARN, in the key's account."""
    organization: NotRequired[bool]
    """Whether to watch guardrails and trusted access: in the management account. Default: false."""
    global_alert_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of a topic in the region of the global services (us-east-1), where the events of
    Organizations come. Needed with `organization`, unless this is that region."""
    rule_prefix: NotRequired[str]
    """How the names of the rules begin. Default: the component's name."""


class TamperAlerts(pulumi.ComponentResource):
    """EventBridge rules on what stops, blinds or removes the log, sent to a topic.

    A rule sees its own account and region: use the component in the management account, for the
    trail and the guardrails, and in the security account, for bucket and key.
    """

    rule_arns: pulumi.Output[list[str]]
    """The ARNs of the rules."""

    def __init__(
        self, name: str, args: TamperAlertsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the rules.

        Args:
            name: the component's name.
            args: see `TamperAlertsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: events of global services are asked for without a topic in their region.
        """
        super().__init__("cloudtrail-guard:index:TamperAlerts", name, {}, opts)
        args = checked_inputs(self, args)
        location = caller_location(self)
        home = GLOBAL_REGIONS.get(location.partition, location.region)
        self._elsewhere = None if location.region == home else home
        if args.get("organization") and self._elsewhere and "global_alert_topic_arn" not in args:
            raise ArgumentError(
                f"TamperAlerts {name!r}: the events of Organizations come to {home} alone: make an "
                f"AlertTopic there and name it in global_alert_topic_arn"
            )
        prefix = args.get("rule_prefix", name)
        # Which rules there are is known at once; what they look for perhaps only later.
        kinds = tamper_rules(
            bucket="later" if "log_bucket_name" in args else None,
            key_arn="later" if "log_key_arn" in args else None,
            organization=args.get("organization", False),
        )
        rules = [self._rule(f"{name}-{k.name}", f"{prefix}-{k.name}", k, args) for k in kinds]
        self.rule_arns = pulumi.Output.all(*(rule.arn for rule in rules))
        self.register_outputs({"rule_arns": self.rule_arns})

    def _rule(
        self, name: str, title: str, kind: TamperRule, args: TamperAlertsArgs
    ) -> aws.cloudwatch.EventRule:
        region = self._elsewhere if kind.is_global else None
        topic = args.get("global_alert_topic_arn") if region else args["alert_topic_arn"]
        rule = aws.cloudwatch.EventRule(
            name,
            name=title,
            description=kind.description,
            event_pattern=compute(
                self,
                lambda values: _pattern(kind.name, **values),
                bucket=args.get("log_bucket_name"),
                key_arn=args.get("log_key_arn"),
                organization=args.get("organization", False),
            ),
            region=region,
            opts=child_options(self),
        )
        aws.cloudwatch.EventTarget(
            name,
            rule=rule.name,
            target_id="alert-topic",
            arn=topic,
            input_transformer={
                "input_paths": MESSAGE_PATHS,
                "input_template": json.dumps(f"{kind.description}: {MESSAGE}"),
            },
            region=region,
            opts=child_options(self),
        )
        return rule


def _pattern(kind: str, **watched: Any) -> str:  # noqa: ANN401 - what tamper_rules takes
    return next(rule.pattern for rule in tamper_rules(**watched) if rule.name == kind)
