"""A trail records all management events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from framework.parameters import boolean
from framework.rule import ResourceRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._selectors import ADVANCED, BASIC, DATA, MANAGEMENT, has_selectors, selected
from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings

_NAME: Final = "Management events selector"

_DATA_ONLY = boolean(
    "allowDataEventTrails",
    "Whether a trail may record data events alone, beside one that records management events.",
    default=True,
)


def _check(trail: Resource, settings: Settings) -> Iterator[Finding]:
    events = selected(trail)
    management = [each for each in events if each.category == MANAGEMENT]
    whole = [each for each in management if not each.restrictions]
    unknown = [each for each in events if each.category is UNKNOWN]
    if whole:
        named = any(not each.advanced or each.name in (_NAME, UNKNOWN) for each in whole)
        if not named:
            yield Violation(
                resource=trail,
                path=f"{whole[0].path}.name",
                problem=f"is not {_NAME!r}: auditors' tools do not see that it records everything",
                mend=f"name the selector {_NAME!r}",
            )
    elif unknown:
        yield Undecidable(resource=trail, path=unknown[0].path)
    elif management:
        yield Violation(
            resource=trail,
            path=management[0].restrictions[0],
            problem="leaves management events out",
            mend="remove it, so that reads and writes of every service are recorded",
        )
    elif has_selectors(trail) and not (
        settings[_DATA_ONLY] and any(each.category == DATA for each in events)
    ):
        yield Violation(
            resource=trail,
            path=BASIC if trail.properties.get(BASIC) else ADVANCED,
            problem="records no management events: who changed what is not recorded",
            mend="add a selector of all management events",
        )


RULE = ResourceRule(
    id="cloudtrail-management-events",
    title="A CloudTrail trail records all management events, reads and writes.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls=controls("cloudtrail_multi_region_enabled", "CloudTrail.1"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
    rationale=(
        "Without selectors a trail records all management events. Selectors can leave out reads,"
        " writes or the calls of KMS and RDS, and with them the traces of whoever looks around or"
        " uses a key. An advanced selector is recognised by Prowler only under the name"
        f" {_NAME!r}. A trail of data events alone is sound beside another trail;"
        " with allowDataEventTrails false, every trail must record management events."
    ),
    mend="Select all management events, without exclusions, in a selector of the expected name.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    advanced_event_selectors=[
        {
            "name": "Management events selector",
            "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
        }
    ],
)
""",
    bad="""\
import pulumi_aws as aws

# Who reads what, and everything that KMS does, goes unrecorded.
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    event_selectors=[
        {
            "read_write_type": "WriteOnly",
            "include_management_events": True,
            "exclude_management_event_sources": ["kms.amazonaws.com"],
        }
    ],
)
""",
    check=_check,
    parameters=(_DATA_ONLY,),
)
