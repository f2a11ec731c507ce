"""The names of what watches for tampering: event rules, their role, the event bus, alarms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cloudtrail_guard.detection.event_rules import (
    IDENTITY,
    TamperRule,
    Watched,
    Where,
    tamper_rules,
)
from cloudtrail_guard.resources.forwarding import (
    ROLE_RULE,
    SILENCE_RULE,
    forwarding_prefix,
    forwarding_roles,
)

from stacks.planned import Kind, PlannedName


@dataclass(frozen=True, kw_only=True)
class RuleNames:
    """How the rules of a stack are called, and where they are.

    Attributes:
        prefix: how their names begin.
        regions: the regions by what they are for.
        has_global_topic: whether the region of the global services has a topic of its own.
        crosses_accounts: whether everything is forwarded to another account, too.
    """

    prefix: str
    regions: Mapping[Where, str]
    has_global_topic: bool = False
    crosses_accounts: bool = False

    def notifies(self, rule: TamperRule) -> bool:
        """Whether a rule has a topic in its region."""
        here = self.regions[rule.where] == self.regions[Where.HERE]
        return here or (self.has_global_topic and rule.is_global)

    def leaves(self, rule: TamperRule) -> bool:
        """Whether a rule forwards to another region, or account."""
        return self.crosses_accounts or not self.notifies(rule)


def rule_names(watched: Watched, names: RuleNames) -> Iterator[PlannedName]:
    """The names of the event rules and of the roles that forward.

    Args:
        watched: what is watched.
        names: how the rules are called.
    """
    here, forward = names.regions[Where.HERE], forwarding_prefix(names.prefix)
    rules = tamper_rules(watched)
    for rule in rules:
        region = names.regions[rule.where]
        if names.notifies(rule):
            yield PlannedName(kind=Kind.RULE, name=f"{names.prefix}-{rule.name}", region=region)
        if names.leaves(rule):
            yield PlannedName(kind=Kind.RULE, name=f"{forward}-{rule.name}", region=region)
    if names.crosses_accounts:
        yield PlannedName(kind=Kind.RULE, name=f"{forward}-{SILENCE_RULE}", region=here)
    role, role_of_role_rule = forwarding_roles(names.prefix)
    if any(map(names.leaves, rules)):
        yield PlannedName(kind=Kind.ROLE, name=role, region=here)
    if any(names.leaves(rule) for rule in rules if rule.name == IDENTITY):
        region = names.regions[Where.GLOBAL]
        yield PlannedName(kind=Kind.RULE, name=f"{forward}-{ROLE_RULE}", region=region)
        yield PlannedName(kind=Kind.ROLE, name=role_of_role_rule, region=here)


def bus_names(bus: str, region: str, *, has_senders: bool) -> Iterator[PlannedName]:
    """The names of the event bus for alerts, its rules and its alarm.

    Args:
        bus: the bus's name.
        region: where it is.
        has_senders: whether other accounts send to it.
    """
    yield PlannedName(kind=Kind.EVENT_BUS, name=bus, region=region)
    for rule in ("calls", "named-calls", "alarms", *(["heartbeat"] if has_senders else [])):
        yield PlannedName(kind=Kind.RULE, name=f"{bus}-{rule}", region=region)
    if has_senders:
        yield PlannedName(kind=Kind.ALARM, name=f"{bus}-heartbeat", region=region)


def delivery_alarm_names(prefix: str, region: str) -> Iterator[PlannedName]:
    """The names of the alarms on the log bucket.

    Args:
        prefix: how they begin.
        region: where they are.
    """
    for kind in ("log-files", "digests"):
        yield PlannedName(kind=Kind.ALARM, name=f"{prefix}-{kind}", region=region)
