from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.monitoring.trail_metric_filter_patterns import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

GROUP = "aws:cloudwatch/logGroup:LogGroup"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"


def filtered(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    group = made(GROUP, "trail")
    trail = made(TRAIL, "audit", cloudWatchLogsGroupArn=group)
    return [group, trail, made(FILTER, "filter", properties, logGroupName=group)]


def names(*events: str, source: str = "") -> dict[str, str]:
    clauses = [f"($.eventName = {each})" for each in events]
    text = " || ".join(clauses)
    return {
        "pattern": f"{{ ($.eventSource = {source}) && ({text}) }}" if source else f"{{ {text} }}"
    }


TRAILS = ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
ROUTES = (
    "CreateRoute",
    "CreateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "DeleteRouteTable",
    "DeleteRoute",
    "DisassociateRouteTable",
)
ROOT = (
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
    ' && $.eventType != "AwsServiceEvent" }'
)
DENIED = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'
FAILURES = '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }'
CASES = [
    Case(name="trail", properties=names(*TRAILS), verdict="pass"),
    Case(name="another-order", properties=names(*reversed(TRAILS)), verdict="pass"),
    Case(name="routes", properties=names(*ROUTES, source="ec2.amazonaws.com"), verdict="pass"),
    Case(name="root", properties={"pattern": ROOT}, verdict="pass"),
    Case(
        name="root-sign-ins-that-the-benchmark-leaves-out",
        properties={
            "pattern": ROOT.replace("NOT EXISTS", '= "signin.amazonaws.com"'),
        },
        verdict="pass",
    ),
    Case(
        name="root-without-invoked-by",
        properties={"pattern": ROOT.replace(" && $.userIdentity.invokedBy NOT EXISTS", "")},
        verdict="fail",
    ),
    Case(name="denied", properties={"pattern": DENIED}, verdict="pass"),
    Case(name="mfa", properties={"pattern": MFA}, verdict="pass"),
    Case(name="failures", properties={"pattern": FAILURES}, verdict="pass"),
    Case(
        name="root-in-another-order",
        properties={
            "pattern": '{ $.eventType != "AwsServiceEvent" && $.userIdentity.type = "Root"'
            " && $.userIdentity.invokedBy NOT EXISTS }"
        },
        verdict="pass",
    ),
    Case(
        name="denied-in-another-order",
        properties={
            "pattern": '{ ($.errorCode="AccessDenied*") || ($.errorCode="*UnauthorizedOperation") }'
        },
        verdict="pass",
    ),
    Case(
        name="routes-with-the-source-last",
        properties={
            "pattern": names(*ROUTES)["pattern"].replace(
                " }", " && ($.eventSource=ec2.amazonaws.com) }"
            )
        },
        verdict="pass",
    ),
    Case(name="own", properties={"pattern": "{ $.eventName = RunInstances }"}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="trail-but-one", properties=names(*TRAILS[1:]), verdict="fail"),
    Case(name="routes-of-anybody", properties=names(*ROUTES), verdict="fail"),
    Case(
        name="a-longer-name-is-another",
        properties=names(*ROUTES[1:], source="ec2.amazonaws.com"),
        verdict="fail",
    ),
    Case(
        name="root-without-services",
        properties={"pattern": ROOT.replace('!= "AwsServiceEvent"', "EXISTS")},
        verdict="fail",
    ),
    Case(
        name="denied-alone",
        properties={"pattern": '{ $.errorCode = "AccessDenied*" }'},
        verdict="fail",
    ),
    Case(name="unknown", properties={"pattern": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, filtered),)


def test_filters_on_other_log_groups_are_ignored() -> None:
    [group, _, weak] = filtered(names(*TRAILS[1:]))

    assert stack_verdict(RULE, [group, weak]) == "pass"
