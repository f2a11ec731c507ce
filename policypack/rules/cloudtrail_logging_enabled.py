"""A trail is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._trails import NATIVE_TRAIL, TRAIL, TRAILS, must_be_true, must_not_be_false

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings

_HARM = "nothing is recorded"
_BY_DEFAULT = must_not_be_false("enableLogging", _HARM)
_NATIVE = must_be_true("isLogging", _HARM)


def _check(trail: Resource, settings: Settings) -> Iterable[Finding]:
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
    mend="Set enableLogging (in pulumi-aws-native: isLogging) to true.",
    good="""\
import pulumi_aws as aws

# enable_logging is true unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    enable_logging=False,
)
""",
    check=_check,
    fixes={TRAIL: {"enableLogging": True}, NATIVE_TRAIL: {"isLogging": True}},
)
