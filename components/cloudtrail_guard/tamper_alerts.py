"""Alerts within a minute of somebody tampering with trails, logs, keys or guardrails."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.detection.event_patterns import services
from cloudtrail_guard.detection.event_rules import (
    GLOBAL_REGIONS,
    IDENTITY,
    TamperRule,
    Watched,
    Where,
    tamper_rules,
)
from cloudtrail_guard.detection.messages import call_message
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute, or_assumed
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.forwarding import Forwarding
from cloudtrail_guard.resources.options import RULE_STATE, child_options

if TYPE_CHECKING:
    from collections.abc import Iterator


class TamperAlertsArgs(TypedDict):
    """The arguments of `TamperAlerts`."""

    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic, in this region, that is notified."""
    log_bucket_name: NotRequired[pulumi.Input[str]]
    """The log bucket's name, in the bucket's account."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """The log key's ARN, in the key's account."""
    further_key_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the other keys in this region: of alerts, of a feed, of query results. Default:
    none."""
    global_key_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of keys in the region of the global services. Default: none."""
    organization: NotRequired[bool]
    """Whether to watch guardrails and trusted access: in the management account. Default: false."""
    member: NotRequired[bool]
    """Whether to watch the account's own membership of the organization. Default: false."""
    exempt_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the roles that policies exempt; changes of those of this account are reported, in
    the region of the global services. Default: none."""
    break_glass_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the roles each use of which is reported. Default: none."""
    watched_names: NotRequired[Sequence[str]]
    """How the names of rules, topics, alarms, queues, functions and roles begin, changes of which
    are reported. Default: `rule_prefix`."""
    watched_log_groups: NotRequired[Sequence[str]]
    """How the names of the log groups begin that alarms are made of. Default: none."""
    replica_bucket_name: NotRequired[pulumi.Input[str]]
    """The replica's name. Needs `replica_region` and, if that is another region, `event_bus_arn`.
    Default: no replica."""
    replica_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the replica's key. Needs `replica_bucket_name`."""
    replica_region: NotRequired[str]
    """The replica's region."""
    global_alert_topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of a topic in the region of the global services (us-east-1), where the events of
    Organizations and IAM come. Needed with `organization`, unless this is that region or there is
    an event bus."""
    event_bus_arn: NotRequired[str]
    """ARN of an event bus of another account or region, the output of `AlertBus`, that everything
    is forwarded to: from another account by further rules beside those that notify the topic, and
    from the other regions of this account. Default: nothing is forwarded."""
    rule_prefix: NotRequired[str]
    """How the names of the rules begin. Default: the component's name."""


class TamperAlerts(pulumi.ComponentResource):
    """EventBridge rules on what stops, blinds or removes the log, sent to a topic.

    A rule sees its own account and region: use the component in the management account, for the
    trail and the guardrails, and in the security account, for bucket and key. The rules see what
    is done to themselves, to topics, alarms and roles too: each by another one than the one that
    is silenced.
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
            ArgumentError: events of another region are asked for without a topic or bus for them,
                or there is a part of a replica.
        """
        super().__init__("cloudtrail-guard:index:TamperAlerts", name, {}, opts)
        args = checked_inputs(self, args)
        self._args = args
        self._location = caller_location(self)
        home = GLOBAL_REGIONS.get(self._location.partition, self._location.region)
        self._regions = {
            Where.HERE: None,
            Where.GLOBAL: self._unless_here(home),
            Where.REPLICA: self._unless_here(args.get("replica_region")),
        }
        self._check(name)
        prefix = args.get("rule_prefix", name)
        kinds = self._kinds(prefix)
        # First, so that nothing is registered when a pattern is too long.
        patterns = self._patterns(kinds, prefix)
        forwarding = self._forwarding(name, prefix, kinds)
        rules = [
            rule
            for kind in kinds
            for rule in self._rules(
                name, f"{prefix}-{kind.name}", kind, patterns[kind.name], forwarding
            )
        ]
        if forwarding:
            rules += self._of_forwarding(forwarding, kinds)
        self.rule_arns = pulumi.Output.all(*(rule.arn for rule in rules))
        self.register_outputs({"rule_arns": self.rule_arns})

    def _unless_here(self, region: str | None) -> str | None:
        return None if region == self._location.region else region

    def _check(self, name: str) -> None:
        args, elsewhere = self._args, self._regions[Where.GLOBAL]
        reached = "global_alert_topic_arn" in args or "event_bus_arn" in args
        if args.get("organization") and elsewhere and not reached:
            raise ArgumentError(
                f"TamperAlerts {name!r}: the events of Organizations come to {elsewhere} alone: "
                "make an AlertTopic there and name it in global_alert_topic_arn"
            )
        if elsewhere and not reached:
            pulumi.log.warn(
                f"TamperAlerts {name!r}: changes of roles are recorded in {elsewhere} alone, and "
                "are not reported: make an AlertTopic there and name it in global_alert_topic_arn, "
                "or an AlertBus here and name it in event_bus_arn",
                self,
            )
        replica = {"replica_bucket_name", "replica_region"}
        named = {key for key in (*replica, "replica_key_arn") if key in args}
        forwarded = self._regions[Where.REPLICA] is not None
        if named and not (replica <= named and ("event_bus_arn" in args or not forwarded)):
            raise ArgumentError(
                f"TamperAlerts {name!r}: {', '.join(sorted(named))} must come with "
                "replica_bucket_name, replica_region and event_bus_arn: events of the replica's "
                "region are forwarded, unless it is this one"
            )

    def _watched(self, prefix: str, values: Mapping[str, Any]) -> Watched:
        """What is watched: which parts as the arguments say, and these values."""
        args = self._args
        keys = [*self._given("log_key_arn", values), *self._given("further_key_arns", values)]
        own = f"::{self._location.account}:"
        return Watched(
            bucket=next(iter(self._given("log_bucket_name", values)), None),
            key_arns=keys,
            global_key_arns=self._given("global_key_arns", values),
            organization=args.get("organization", False),
            member=args.get("member", False),
            names=args.get("watched_names", [prefix]),
            log_groups=args.get("watched_log_groups", ()),
            role_arns=[arn for arn in self._given("exempt_role_arns", values) if own in arn],
            break_glass_arns=self._given("break_glass_role_arns", values),
            replica_bucket=next(iter(self._given("replica_bucket_name", values)), None),
            replica_key_arn=next(iter(self._given("replica_key_arn", values)), None),
            at_home=self._regions[Where.GLOBAL] is None,
            replica_covered=self._regions[Where.REPLICA] in {None, self._regions[Where.GLOBAL]},
        )

    def _given(self, key: str, values: Mapping[str, Any]) -> list[str]:
        """The values of an argument; none where it is not given, or given as an empty list."""
        if self._args.get(key, []) == []:
            return []
        value = values[key]
        return [value] if isinstance(value, str) else [*value]

    def _forwarding(self, name: str, prefix: str, kinds: Sequence[TamperRule]) -> Forwarding | None:
        """Forwarding, if there is a bus and something to forward to it."""
        arn = self._args.get("event_bus_arn")
        if arn is None:
            return None
        bus = parse_arn(arn, service="events", what="event_bus_arn")
        crosses = bus.account != self._location.account
        if not any(self._leaves(kind, crosses=crosses) for kind in kinds):
            return None
        return Forwarding(self, name, rule_prefix=prefix, bus=bus, location=self._location)

    def _topic(self, kind: TamperRule) -> pulumi.Input[str] | None:
        """The topic in a rule's region, if there is one."""
        if self._regions[kind.where] is None:
            return self._args["alert_topic_arn"]
        return self._args.get("global_alert_topic_arn") if kind.is_global else None

    def _kinds(self, prefix: str) -> list[TamperRule]:
        """Which rules there are is known at once; what they look for perhaps only later."""
        planned = {key: or_assumed(self._args.get(key), later) for key, later in _LATER.items()}
        kinds = compute(self, lambda values: tamper_rules(self._watched(prefix, values)), **planned)
        if isinstance(kinds, list):
            return kinds
        raise AssertionError("the planned values are all plain")

    def _leaves(self, kind: TamperRule, *, crosses: bool) -> bool:
        """Whether a rule forwards: to another account, or from a region without a topic."""
        return crosses or self._topic(kind) is None

    def _of_forwarding(
        self, forwarding: Forwarding, kinds: Sequence[TamperRule]
    ) -> "Iterator[aws.cloudwatch.EventRule]":
        """The rules that forwarding itself takes."""
        crosses = forwarding.crosses_accounts
        if crosses:
            yield forwarding.silence(self._args.get("watched_names", [forwarding.rule_prefix]))
        if any(self._leaves(each, crosses=crosses) for each in kinds if each.name == IDENTITY):
            yield forwarding.role_rule(self._regions[Where.GLOBAL])

    def _patterns(
        self, kinds: Sequence[TamperRule], prefix: str
    ) -> Mapping[str, pulumi.Input[str]]:
        """What the rules look for, by the kind's name."""

        def patterns(values: Mapping[str, Any]) -> dict[str, str]:
            found = {
                rule.name: rule.pattern for rule in tamper_rules(self._watched(prefix, values))
            }
            if extra := found.keys() - {each.name for each in kinds}:
                raise InvalidValueError(
                    f"the roles need further rules ({', '.join(sorted(extra))}), and were not "
                    "known when the rules were planned: give exempt_role_arns and "
                    "break_glass_role_arns as plain strings, or fewer of them"
                )
            return found

        made = compute(self, patterns, **{key: self._args.get(key) for key in _LATER})
        if isinstance(made, dict):
            return made
        later = pulumi.Output.from_input(made)
        return {kind.name: later[kind.name] for kind in kinds}

    def _rules(
        self,
        name: str,
        title: str,
        kind: TamperRule,
        pattern: pulumi.Input[str],
        forwarding: Forwarding | None,
    ) -> "Iterator[aws.cloudwatch.EventRule]":
        """The rules of one kind: one that notifies a topic, one that forwards, or both."""
        topic = self._topic(kind)
        if topic is not None:
            yield self._alert(name, title, kind, pattern, topic)
        if forwarding and self._leaves(kind, crosses=forwarding.crosses_accounts):
            yield forwarding.rule(kind, pattern, self._regions[kind.where])

    def _alert(
        self,
        name: str,
        title: str,
        kind: TamperRule,
        pattern: pulumi.Input[str],
        topic: pulumi.Input[str],
    ) -> "aws.cloudwatch.EventRule":
        region = self._regions[kind.where]
        rule = aws.cloudwatch.EventRule(
            f"{name}-{kind.name}",
            name=title,
            description=kind.description,
            event_pattern=pattern,
            state=RULE_STATE,
            region=region,
            opts=child_options(self),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-{kind.name}",
            rule=rule.name,
            target_id="alert-topic",
            arn=topic,
            input_transformer={**call_message(kind.description, services(kind.pattern))},
            region=region,
            opts=child_options(self),
        )
        return rule


_LATER: dict[str, Any] = {
    "log_bucket_name": "later",
    "log_key_arn": "later",
    "further_key_arns": ["later"],
    "global_key_arns": ["later"],
    "exempt_role_arns": [],
    "break_glass_role_arns": ["later"],
    "replica_bucket_name": "later",
    "replica_key_arn": "later",
}
"""The arguments that may be known only later, with values that stand for them."""
