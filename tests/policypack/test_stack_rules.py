from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2

from tests.policypack.support import (
    BUCKET,
    CONTEXT,
    NOT_KNOWN,
    SAMPLE,
    TRAIL,
    VERSIONING,
    analyzer,
    in_stack,
    request,
    said,
    stack,
    urn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _unversioned(resources: Stack, _settings: RuleSettings) -> Iterable[Finding]:
    """Find log buckets that no versioning resource of the stack refers to."""
    versioned = {
        bucket.urn
        for each in resources.of_types({VERSIONING})
        for bucket in resources.references(each, "bucket", {BUCKET}).certain
    }
    for trail in resources.of_types({TRAIL}):
        for bucket in resources.references(trail, "s3BucketName", {BUCKET}).certain:
            if bucket.urn not in versioned:
                yield Violation(
                    resource=bucket,
                    path="versioning",
                    problem="is off",
                    remediation="add a BucketVersioning",
                )


UNVERSIONED = StackRule(
    id="versioning",
    title="Log buckets have versions.",
    severity=SAMPLE.severity,
    level=EnforcementLevel.MANDATORY,
    types=frozenset({TRAIL, BUCKET, VERSIONING}),
    controls=SAMPLE.controls,
    link=SAMPLE.link,
    rationale=SAMPLE.rationale,
    remediation=SAMPLE.remediation,
    check=_unversioned,
)


LOGS = urn(BUCKET, "logs")
TRAIL_AND_BUCKET = (in_stack(TRAIL, "audit", s3BucketName=LOGS), in_stack(BUCKET, "logs"))


def test_a_stack_rule_joins_resources_whose_values_are_not_known_yet() -> None:
    [(rule, level, message)] = said(
        analyzer(UNVERSIONED).AnalyzeStack(stack(*TRAIL_AND_BUCKET), CONTEXT)
    )

    assert (rule, level) == ("versioning", "mandatory")
    assert f"{BUCKET} 'logs', property versioning is off" in message


def test_a_stack_rule_is_met_by_a_separate_resource() -> None:
    versioning = in_stack(VERSIONING, "logs-versioning", bucket=LOGS)

    response = analyzer(UNVERSIONED).AnalyzeStack(stack(*TRAIL_AND_BUCKET, versioning), CONTEXT)

    assert response == analyzer_pb2.AnalyzeResponse()


def test_a_stack_rule_takes_no_part_in_evaluating_one_resource() -> None:
    response = analyzer(UNVERSIONED).Analyze(request({}), CONTEXT)

    assert response == analyzer_pb2.AnalyzeResponse()


def test_a_stack_rule_at_the_level_remediate_is_mandatory() -> None:
    service = analyzer(UNVERSIONED, config={"versioning": ("REMEDIATE", {})})

    response = service.AnalyzeStack(stack(*TRAIL_AND_BUCKET), CONTEXT)

    assert [level for _, level, _ in said(response)] == ["mandatory"]


def test_a_rule_that_has_nothing_to_evaluate_does_not_count_as_passed() -> None:
    service = analyzer(SAMPLE, UNVERSIONED)

    of_bucket = service.Analyze(request({}, BUCKET, "logs"), CONTEXT)
    of_trail = service.Analyze(request({}), CONTEXT)
    of_topic = service.AnalyzeStack(stack(in_stack("aws:sns/topic:Topic", "t")), CONTEXT)

    assert [each.policy_name for each in of_bucket.not_applicable] == ["sample"]
    assert [each.policy_name for each in of_trail.not_applicable] == []
    assert [each.policy_name for each in of_topic.not_applicable] == ["versioning"]


def test_a_stack_rule_is_described_as_one() -> None:
    [info] = analyzer(UNVERSIONED).GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT).policies

    assert info.policy_type == analyzer_pb2.POLICY_TYPE_STACK


def test_a_stack_rule_evaluates_what_the_program_asked_for() -> None:
    seen: list[Resource] = []

    def see(resources: Stack, _settings: RuleSettings) -> Iterable[Finding]:
        seen.extend(resources.of_types({BUCKET}))
        return ()

    service = analyzer(replace(UNVERSIONED, check=see))
    made = in_stack(BUCKET, "logs", versioning="urn:computed")
    made.properties.update({"arn": "arn:aws:s3:::logs", "bucket": NOT_KNOWN})

    service.Analyze(request({"forceDestroy": True}, BUCKET, "logs"), CONTEXT)
    service.AnalyzeStack(stack(made), CONTEXT)
    service.Configure(analyzer_pb2.ConfigureAnalyzerRequest(), CONTEXT)
    service.AnalyzeStack(stack(made), CONTEXT)

    asked, answered = seen
    assert asked.properties == {"forceDestroy": True}
    assert asked.identifiers == {"arn:aws:s3:::logs"}
    assert answered.properties["versioning"] is UNKNOWN


def test_a_stack_rule_corrects_what_is_known_to_differ() -> None:
    rule = replace(UNVERSIONED, corrections={BUCKET: {"forceDestroy": False, "acl": "private"}})
    service = analyzer(rule, config={"versioning": ("REMEDIATE", {})})

    def corrected(properties: dict[str, object], resource_type: str = BUCKET) -> list[object]:
        response = service.Remediate(request(properties, resource_type, "logs"), CONTEXT)
        return [json_format.MessageToDict(each.properties) for each in response.remediations]

    private = {"forceDestroy": False, "acl": "private"}
    assert corrected({"forceDestroy": True}) == [private]
    assert corrected({"forceDestroy": NOT_KNOWN}) == [{"forceDestroy": NOT_KNOWN, "acl": "private"}]
    assert corrected({**private}) == []
    assert corrected({}, TRAIL) == []
