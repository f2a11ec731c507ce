"""A trail is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.subjects.trails import (
    NATIVE_TRAIL,
    TRAIL,
    TRAILS,
    must_be_true,
    must_not_be_false,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_HARM = "nothing is recorded"
_BY_DEFAULT = must_not_be_false("enableLogging", _HARM)
_NATIVE = must_be_true("isLogging", _HARM)


def _check(trail: Resource, settings: RuleSettings) -> Iterable[Finding]:
    return (_NATIVE if trail.type == NATIVE_TRAIL else _BY_DEFAULT)(trail, settings)


RULE = ResourceRule(
    id="cloudtrail-logging-enabled",
    title="A CloudTrail trail is recording.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html",
    rationale=(
        "A trail that exists but does not record looks sound in every list of trails. Stopping a"
        " trail is the first thing that somebody does who wants to stay unseen. In pulumi-aws"
        " enableLogging is true unless it is set; pulumi-aws-native requires isLogging."
    ),
    remediation="Set enableLogging (in pulumi-aws-native: isLogging) to true.",
    check=_check,
    corrections={TRAIL: {"enableLogging": True}, NATIVE_TRAIL: {"isLogging": True}},
)
