"""The trail: does it record everything, everywhere, and is it delivered?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.evaluate.checks import (
    Rule,
    attention,
    bad,
    counted,
    good,
    listed,
    off,
    yes_or,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posture.collect.answers import Facts
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.report import Check

_AT_MOST = 5
"""Trails in a region."""
_ERRORS = {
    "LatestDeliveryError": "log files to S3",
    "LatestDigestDeliveryError": "digest files to S3",
    "LatestCloudWatchLogsDeliveryError": "events to CloudWatch Logs",
    "LatestNotificationError": "notifications",
}


def trail_checks(facts: Facts) -> Iterator[Check]:
    """The checks of the trail; the first alone where it does not exist."""
    yield Rule(
        id="trail.exists",
        title="The trail exists",
        key="trail",
        decide=lambda trail: yes_or(
            trail is not None, "The trail exists.", "There is no such trail."
        ),
        show=lambda trail: trail,
    ).check(facts)
    if facts["trail"].value is None and not facts["trail"].error:
        return
    for rule in _RULES:
        yield rule.check(facts)


def _setting(name: str, title: str, key: str, fine: str, wrong: str) -> Rule:
    return Rule(
        id=f"trail.{name}",
        title=title,
        key="trail",
        decide=lambda trail: yes_or(bool(trail.get(key)), fine, wrong),
        show=lambda trail: {key: trail.get(key)},
    )


def _organization(trail: Mapping[str, Any]) -> Verdict:
    if trail.get("IsOrganizationTrail"):
        return good("It records every account of the organization.")
    return attention("It records its own account alone.")


def _key(trail: Mapping[str, Any]) -> Verdict:
    key = trail.get("KmsKeyId")
    if not key:
        return bad("Logs are encrypted with S3's own key: no key of yours guards them.")
    return good("Logs are encrypted with a KMS key.")


def _destination(trail: Mapping[str, Any]) -> Verdict:
    return good(f"Logs go to s3://{trail['S3BucketName']}.")


def management_events(value: Mapping[str, Any] | None) -> Verdict:
    """Whether all management events are recorded, reads and writes, of all sources."""
    found = value or {}
    for selector in found.get("AdvancedEventSelectors") or ():
        fields = {each["Field"]: each for each in selector["FieldSelectors"]}
        if fields.get("eventCategory", {}).get("Equals") == ["Management"]:
            if len(fields) == 1:
                return good("All management events are recorded, reads and writes.")
            narrowed = listed(sorted(fields.keys() - {"eventCategory"}))
            return bad(f"Management events are recorded only in part: narrowed by {narrowed}.")
    for basic in found.get("EventSelectors") or ():
        if basic.get("IncludeManagementEvents"):
            left_out = basic.get("ExcludeManagementEventSources") or []
            if basic.get("ReadWriteType") == "All" and not left_out:
                return good("All management events are recorded, reads and writes.")
            narrowed = listed([basic.get("ReadWriteType"), *left_out])
            return bad(f"Management events are recorded only in part: {narrowed}.")
    return bad("No management event is recorded.")


def data_events(value: Mapping[str, Any] | None) -> Verdict:
    """Which data events are recorded; they are optional."""
    found = value or {}
    types = sorted(
        {
            kind
            for selector in found.get("AdvancedEventSelectors") or ()
            for each in selector["FieldSelectors"]
            if each["Field"] == "resources.type"
            for kind in each.get("Equals") or ()
        }
        | {
            resource["Type"]
            for basic in found.get("EventSelectors") or ()
            for resource in basic.get("DataResources") or ()
        }
    )
    if types:
        return good(f"Data events are recorded of {listed(types)}.")
    return off("No data event is recorded: reading and writing of objects leaves no trace here.")


def _insights(value: list[Mapping[str, str]] | None) -> Verdict:
    if value:
        return good(f"Insights watch {listed(each['InsightType'] for each in value)}.")
    return off("Insights are not used.")


def _logging(status: Mapping[str, Any] | None) -> Verdict:
    return yes_or(
        bool((status or {}).get("IsLogging")),
        "It is logging.",
        "It was stopped: nothing is recorded.",
    )


def _delivery(status: Mapping[str, Any] | None) -> Verdict:
    status = status or {}
    errors = [f"{what}: {status[key]}" for key, what in _ERRORS.items() if status.get(key)]
    if errors:
        return bad(f"CloudTrail cannot deliver {listed(errors)}.")
    if not status.get("LatestDeliveryTime"):
        return attention("Nothing has been delivered yet.")
    return good("The latest deliveries succeeded.")


def _log_group(trail: Mapping[str, Any]) -> Verdict:
    if trail.get("CloudWatchLogsLogGroupArn"):
        return good("Events go to CloudWatch Logs as well.")
    return attention("Events do not go to CloudWatch Logs: no alarm can ring.")


def _count(trails: list[str] | None) -> Verdict:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html."""
    found = trails or []
    if len(found) >= _AT_MOST:
        return attention(f"The region has {len(found)} trails, and no room for another.")
    others = sorted(arn.rsplit("/", maxsplit=1)[-1] for arn in found)
    return good(f"The region has {counted(len(found), 'trail')}, of {_AT_MOST}: {listed(others)}.")


_RULES = (
    Rule(
        id="trail.logging",
        title="The trail is logging",
        key="trail.status",
        decide=_logging,
        show=lambda status: {
            key: status.get(key) for key in ("IsLogging", "StartLoggingTime", "StopLoggingTime")
        },
    ),
    _setting(
        "regions",
        "It records every region",
        "IsMultiRegionTrail",
        "It records every region.",
        "It records its home region alone.",
    ),
    _setting(
        "global-services",
        "It records global services",
        "IncludeGlobalServiceEvents",
        "It records IAM, STS and the other global services.",
        "Events of global services, such as IAM, are left out.",
    ),
    Rule(
        id="trail.organization",
        title="It records every account",
        key="trail",
        decide=_organization,
        show=lambda trail: {"IsOrganizationTrail": trail.get("IsOrganizationTrail")},
    ),
    _setting(
        "validation",
        "Log files are signed",
        "LogFileValidationEnabled",
        "Every hour a signed digest lists the log files.",
        "There are no digests: altered and missing log files are not noticed.",
    ),
    Rule(
        id="trail.key",
        title="Logs are encrypted with a KMS key",
        key="trail",
        decide=_key,
        show=lambda trail: {"KmsKeyId": trail.get("KmsKeyId")},
    ),
    Rule(
        id="trail.destination",
        title="Logs go to the log bucket",
        key="trail",
        decide=_destination,
        show=lambda trail: {key: trail.get(key) for key in ("S3BucketName", "S3KeyPrefix")},
    ),
    Rule(
        id="trail.management-events",
        title="All management events are recorded",
        key="trail.selectors",
        decide=management_events,
    ),
    Rule(
        id="trail.data-events",
        title="Data events are recorded",
        key="trail.selectors",
        decide=data_events,
    ),
    Rule(id="trail.count", title="There is room for another trail", key="trails", decide=_count),
    Rule(id="trail.insights", title="Insights", key="trail.insights", decide=_insights),
    Rule(
        id="trail.log-group",
        title="Events go to CloudWatch Logs",
        key="trail",
        decide=_log_group,
        show=lambda trail: {
            key: trail.get(key) for key in ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
        },
    ),
    Rule(
        id="trail.delivery",
        title="Deliveries succeed",
        key="trail.status",
        decide=_delivery,
    ),
)
