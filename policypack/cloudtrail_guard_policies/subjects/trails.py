"""CloudTrail trails as programs declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.rule import Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_blank, is_true
from cloudtrail_guard_policies.subjects.event_selectors import (
    ADVANCED,
    BASIC,
    all_recorded,
    data_events,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding, ResourceCheck
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Unknown

TRAIL: Final = "aws:cloudtrail/trail:Trail"
NATIVE_TRAIL: Final = "aws-native:cloudtrail:Trail"
TRAILS: Final = frozenset({TRAIL, NATIVE_TRAIL})
"""The trail of pulumi-aws and that of pulumi-aws-native. Where the names of their properties
differ, the rule says so (pulumi-aws-native: schema of ``aws-native:cloudtrail:Trail``)."""


LOGS: Final = "AWSLogs/"


def log_prefix(trail: Resource) -> str | Unknown:
    """Return the prefix of a trail's log files in its bucket, such as ``trails/AWSLogs/``."""
    prefix = trail.properties.get("s3KeyPrefix")
    if prefix is UNKNOWN:
        return UNKNOWN
    return f"{prefix.strip('/')}/{LOGS}" if isinstance(prefix, str) and prefix else LOGS


def must_be_true(name: str, harm: str) -> ResourceCheck:
    """Return the check that a boolean property is true.

    It finds a violation when the property is false, absent or no boolean, and cannot decide while
    the property is not known yet.

    Args:
        name: The property.
        harm: What follows from its being false, as half a sentence.

    Returns:
        The check.
    """

    def check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
        value = trail.properties.get(name)
        if value is UNKNOWN:
            yield Undecidable(resource=trail, path=name)
        elif not is_true(value):
            state = "is not set" if is_blank(value) and value is not False else "is not true"
            yield Violation(
                resource=trail,
                path=name,
                problem=f"{state}: {harm}",
                remediation=f"set {name} to true",
            )

    return check


def must_not_be_false(name: str, harm: str) -> ResourceCheck:
    """Return the check that a boolean property which is true by default is not switched off.

    Args:
        name: The property.
        harm: What follows from its being false, as half a sentence.

    Returns:
        The check.
    """
    required = must_be_true(name, harm)

    def check(trail: Resource, settings: RuleSettings) -> Iterator[Finding]:
        if trail.properties.get(name) is not None:
            yield from required(trail, settings)

    return check


def must_record_data_events(resource_type: str, what: str) -> ResourceCheck:
    """Return the check that a trail records all data events of a resource type.

    Args:
        resource_type: Such as ``AWS::S3::Object``.
        what: What goes unrecorded otherwise, such as "who reads or writes objects".

    Returns:
        The check.
    """

    def check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
        found = data_events(trail, resource_type)
        unknown = [
            each
            for each in found
            if UNKNOWN in (each.category, each.resource_type)
            or (each.undecided and not each.restrictions)
        ]
        # A basic selector is for the resources that it lists, and one list is like another here.
        if all_recorded(each for each in found if each not in unknown):
            return
        if unknown:
            yield Undecidable(resource=trail, path=unknown[0].path)
            return
        basic = trail.properties.get(BASIC)
        path = found[0].restrictions[0] if found else BASIC if basic else ADVANCED
        state = "leaves some events out" if found else f"selects no data events of {resource_type}"
        yield Violation(
            resource=trail,
            path=path,
            problem=f"{state}: {what} is not recorded",
            remediation=f"add a selector of all data events of {resource_type}",
        )

    return check
