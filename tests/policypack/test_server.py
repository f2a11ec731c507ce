from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from framework.judge import RuleError
from framework.parameters import integer
from framework.rule import StackRule, Undecidable, Violation
from framework.server import Analyzer, Pack
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel

from tests.policypack.support import (
    CONTEXT,
    NOT_KNOWN,
    SAMPLE,
    TRAIL,
    RefusedError,
    analyzer,
    cannot_decide,
    finds_nothing,
    request,
    said,
    secret,
    struct,
    urn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framework.resources import Resource, Stack
    from framework.rule import Finding
    from framework.settings import Settings

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
FAR = "2099-12-31"
PAST = "2001-01-31"


def _exempt(resource: str = "audit", expires: str = FAR) -> dict[str, object]:
    return {"exemptions": [{"resource": resource, "reason": "CHG-1", "expires": expires}]}


def _unversioned(stack: Stack, _settings: Settings) -> Iterable[Finding]:
    """Find log buckets that no versioning resource of the stack refers to."""
    for trail in stack.of_types({TRAIL}):
        for bucket in stack.referred(trail, "s3BucketName", {BUCKET}):
            if not stack.referring(bucket, "bucket", {VERSIONING}):
                yield Violation(
                    resource=bucket,
                    path="versioning",
                    problem="is off",
                    mend="add a BucketVersioning",
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
    mend=SAMPLE.mend,
    good="",
    bad="",
    check=_unversioned,
)


def _in_stack(resource_type: str, name: str, **dependencies: str) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=resource_type,
        name=name,
        urn=urn(resource_type, name),
        properties=struct({"bucket": NOT_KNOWN, "id": NOT_KNOWN}),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=[value])
            for key, value in dependencies.items()
        },
    )


LOGS = urn(BUCKET, "logs")
TRAIL_AND_BUCKET = (_in_stack(TRAIL, "audit", s3BucketName=LOGS), _in_stack(BUCKET, "logs"))


def _stack(*resources: analyzer_pb2.AnalyzerResource) -> analyzer_pb2.AnalyzeStackRequest:
    return analyzer_pb2.AnalyzeStackRequest(resources=resources)


def test_a_violation_names_rule_resource_property_problem_and_mend() -> None:
    response = analyzer(SAMPLE).Analyze(request({}), CONTEXT)

    assert said(response) == [
        (
            "sample",
            "mandatory",
            (
                "A sample holds.\n"
                "sample: aws:cloudtrail/trail:Trail 'audit', property kmsKeyId is not set.\n"
                "Mend: set kmsKeyId to a key (in Python: kms_key_id)."
            ),
        )
    ]
    [diagnostic] = response.diagnostics
    assert diagnostic.urn == urn(TRAIL, "audit")
    assert (diagnostic.policyPackName, diagnostic.policyPackVersion) == ("pack", "1.2.3")
    assert diagnostic.severity == analyzer_pb2.POLICY_SEVERITY_HIGH


def test_a_mandatory_rule_that_cannot_decide_is_an_advisory_that_names_the_property() -> None:
    rule = replace(SAMPLE, check=cannot_decide)

    [(_, level, message)] = said(analyzer(rule).Analyze(request({}), CONTEXT))

    assert level == "advisory"
    assert "'audit', property kmsKeyId is not known yet" in message


def test_what_a_rule_cannot_decide_hides_no_other_rule() -> None:
    undecided = replace(SAMPLE, id="first", check=cannot_decide)

    response = analyzer(undecided, SAMPLE).Analyze(request({}), CONTEXT)

    assert [(rule, level) for rule, level, _ in said(response)] == [
        ("first", "advisory"),
        ("sample", "mandatory"),
    ]


def test_what_is_found_twice_is_said_once() -> None:
    def twice(resource: Resource, _settings: Settings) -> Iterable[Finding]:
        return [Undecidable(resource=resource, path="a")] * 2

    response = analyzer(replace(SAMPLE, check=twice)).Analyze(request({}), CONTEXT)

    assert len(said(response)) == 1


def test_a_rule_sees_plain_values_names_and_options() -> None:
    seen: list[Resource] = []

    def see(resource: Resource, _settings: Settings) -> Iterable[Finding]:
        seen.append(resource)
        return ()

    message = request({"kmsKeyId": secret("key"), "days": 7.0})
    message.options.protect = True
    message.options.parent = "urn:parent"
    analyzer(replace(SAMPLE, check=see)).Analyze(message, CONTEXT)

    [resource] = seen
    assert resource.properties == {"kmsKeyId": "key", "days": 7}
    assert (resource.type, resource.name, resource.urn) == (TRAIL, "audit", urn(TRAIL, "audit"))
    assert resource.protect
    assert resource.parent == "urn:parent"


@pytest.mark.parametrize(
    ("configured", "counts"),
    [("ADVISORY", "advisory"), ("MANDATORY", "mandatory"), ("REMEDIATE", "mandatory")],
)
def test_a_violation_counts_at_the_configured_level(configured: str, counts: str) -> None:
    service = analyzer(SAMPLE, config={"sample": (configured, {})})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == [counts]


def test_a_disabled_rule_says_nothing() -> None:
    service = analyzer(SAMPLE, config={"sample": ("DISABLED", {})})

    assert service.Analyze(request({}), CONTEXT) == analyzer_pb2.AnalyzeResponse()


def test_a_rule_has_its_configured_parameters() -> None:
    days = integer("days", "Days.", default=365)

    def needs_days(resource: Resource, settings: Settings) -> Iterable[Finding]:
        yield Violation(resource=resource, path="days", problem=f"< {settings[days]}", mend="")

    rule = replace(SAMPLE, check=needs_days, parameters=(days,))
    service = analyzer(rule, config={"sample": ("MANDATORY", {"days": 30.0})})

    [(_, _, message)] = said(service.Analyze(request({}), CONTEXT))
    assert "property days < 30." in message


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"sampel": ("ADVISORY", {})},
            "INVALID_ARGUMENT: unknown rule 'sampel'; did you mean 'sample'?",
        ),
        (
            {"sample": ("ADVISORY", {"exemption": []})},
            "INVALID_ARGUMENT: sample: unknown property 'exemption'; did you mean 'exemptions'?",
        ),
        (
            {"all": ("ADVISORY", {"exemptions": []})},
            "INVALID_ARGUMENT: all: takes an enforcement level only, but has exemptions",
        ),
    ],
)
def test_a_misspelt_configuration_is_refused_with_the_nearest_name(
    config: dict[str, tuple[str, dict[str, object]]], message: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        analyzer(SAMPLE, config=config)

    assert str(caught.value) == message


def test_the_level_of_all_rules_is_not_taken_for_a_rule() -> None:
    service = analyzer(SAMPLE, config={"all": ("ADVISORY", {}), "sample": ("ADVISORY", {})})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["advisory"]


def test_what_is_exempted_is_shown_as_an_advisory_with_reason_and_end() -> None:
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", _exempt())})

    [(_, level, message)] = said(service.Analyze(request({}), CONTEXT))

    assert level == "advisory"
    assert "sample: exempted until 2099-12-31, because: CHG-1\n" in message
    assert "property kmsKeyId is not set" in message


def test_an_expired_exemption_is_a_violation_again_and_says_so() -> None:
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", _exempt(expires=PAST))})

    [(_, level, message)] = said(service.Analyze(request({}), CONTEXT))

    assert level == "mandatory"
    assert message.endswith("Its exemption expired on 2001-01-31; the reason was: CHG-1")


def test_a_renewed_exemption_counts_beside_the_expired_one() -> None:
    both = [*_listed(_exempt(expires=FAR)), *_listed(_exempt(expires=PAST))]
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", {"exemptions": both})})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["advisory"]


def _listed(config: dict[str, object]) -> list[object]:
    exemptions = config["exemptions"]
    assert isinstance(exemptions, list)
    return exemptions


def test_an_exemption_lets_no_other_resource_pass() -> None:
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", _exempt("other"))})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["mandatory"]


def test_an_exemption_that_matches_no_resource_of_the_stack_is_reported() -> None:
    config: dict[str, object] = {"exemptions": [*_listed(_exempt()), *_listed(_exempt("gone"))]}
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", config)})

    [(rule, level, message)] = said(service.AnalyzeStack(_stack(*TRAIL_AND_BUCKET), CONTEXT))

    assert (rule, level) == ("sample", "advisory")
    assert "the exemption for 'gone' matches no resource" in message


def test_an_exemption_for_a_resource_of_another_type_is_reported() -> None:
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", _exempt("logs"))})

    [(_, _, message)] = said(service.AnalyzeStack(_stack(*TRAIL_AND_BUCKET), CONTEXT))

    assert "the exemption for 'logs' matches no resource" in message


def test_a_stack_rule_joins_resources_whose_values_are_not_known_yet() -> None:
    [(rule, level, message)] = said(
        analyzer(UNVERSIONED).AnalyzeStack(_stack(*TRAIL_AND_BUCKET), CONTEXT)
    )

    assert (rule, level) == ("versioning", "mandatory")
    assert f"{BUCKET} 'logs', property versioning is off" in message


def test_a_stack_rule_is_met_by_a_separate_resource() -> None:
    versioning = _in_stack(VERSIONING, "logs-versioning", bucket=LOGS)

    response = analyzer(UNVERSIONED).AnalyzeStack(_stack(*TRAIL_AND_BUCKET, versioning), CONTEXT)

    assert response == analyzer_pb2.AnalyzeResponse()


def test_a_stack_rule_takes_no_part_in_judging_one_resource() -> None:
    response = analyzer(UNVERSIONED).Analyze(request({}), CONTEXT)

    assert response == analyzer_pb2.AnalyzeResponse()


def test_a_stack_rule_at_the_level_remediate_is_mandatory() -> None:
    service = analyzer(UNVERSIONED, config={"versioning": ("REMEDIATE", {})})

    response = service.AnalyzeStack(_stack(*TRAIL_AND_BUCKET), CONTEXT)

    assert [level for _, level, _ in said(response)] == ["mandatory"]


def test_a_rule_that_has_nothing_to_judge_does_not_count_as_passed() -> None:
    service = analyzer(SAMPLE, UNVERSIONED)

    of_bucket = service.Analyze(request({}, BUCKET, "logs"), CONTEXT)
    of_trail = service.Analyze(request({}), CONTEXT)
    of_topic = service.AnalyzeStack(_stack(_in_stack("aws:sns/topic:Topic", "t")), CONTEXT)

    assert [each.policy_name for each in of_bucket.not_applicable] == ["sample"]
    assert [each.policy_name for each in of_trail.not_applicable] == []
    assert [each.policy_name for each in of_topic.not_applicable] == ["versioning"]


def test_a_remediation_sets_what_is_missing_and_keeps_the_rest() -> None:
    first = replace(SAMPLE, id="first", fix={"enableLogging": True})
    second = replace(SAMPLE, id="second", fix={"isMultiRegionTrail": True})
    service = analyzer(
        first, second, config={"first": ("REMEDIATE", {}), "second": ("REMEDIATE", {})}
    )

    response = service.Remediate(request({"name": NOT_KNOWN, "token": secret("s")}), CONTEXT)

    kept = {"name": NOT_KNOWN, "token": secret("s")}
    assert [
        (each.policyName, json_format.MessageToDict(each.properties))
        for each in response.remediations
    ] == [
        ("first", {**kept, "enableLogging": True}),
        ("second", {**kept, "enableLogging": True, "isMultiRegionTrail": True}),
    ]


@pytest.mark.parametrize(
    ("reason", "rule", "level", "config"),
    [
        ("its level is another", SAMPLE, "MANDATORY", {}),
        ("the resource is exempted", SAMPLE, "REMEDIATE", _exempt()),
        ("nothing is wrong", replace(SAMPLE, check=finds_nothing), "REMEDIATE", {}),
        ("it cannot decide", replace(SAMPLE, check=cannot_decide), "REMEDIATE", {}),
    ],
)
def test_a_rule_remediates_nothing_when(
    reason: str, rule: object, level: str, config: dict[str, object]
) -> None:
    assert isinstance(rule, type(SAMPLE)), reason
    service = analyzer(replace(rule, fix={"a": True}), config={"sample": (level, config)})

    assert service.Remediate(request({}), CONTEXT) == analyzer_pb2.RemediateResponse()


def test_an_expired_exemption_does_not_stop_a_remediation() -> None:
    rule = replace(SAMPLE, fix={"a": True})
    service = analyzer(rule, config={"sample": ("REMEDIATE", _exempt(expires=PAST))})

    assert len(service.Remediate(request({}), CONTEXT).remediations) == 1


def test_a_rule_without_one_right_answer_says_that_it_cannot_remediate() -> None:
    service = analyzer(SAMPLE, config={"sample": ("REMEDIATE", {})})

    response = service.Remediate(request({}), CONTEXT)

    assert [each.policy_name for each in response.not_applicable] == ["sample"]
    assert not response.remediations


def test_a_rule_that_fails_names_itself_and_the_resource() -> None:
    def fails(resource: Resource, _settings: Settings) -> Iterable[Finding]:
        raise KeyError(resource.name)

    message = f"rule sample failed on {urn(TRAIL, 'audit')}: KeyError: 'audit'"
    with pytest.raises(RuleError, match=message.replace("/", ".")):
        analyzer(replace(SAMPLE, check=fails)).Analyze(request({}), CONTEXT)


def test_the_pack_describes_its_rules() -> None:
    days = integer("days", "Days.", default=365)
    service = analyzer(replace(SAMPLE, parameters=(days,)), UNVERSIONED)

    info = service.GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT)

    assert (info.name, info.version, info.supportsConfig) == ("pack", "1.2.3", True)
    sample, versioning = info.policies
    assert sample.name == "sample"
    assert sample.description == "A sample holds."
    assert sample.enforcementLevel == analyzer_pb2.MANDATORY
    assert sample.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    assert sample.policy_type == analyzer_pb2.POLICY_TYPE_RESOURCE
    assert versioning.policy_type == analyzer_pb2.POLICY_TYPE_STACK
    assert list(sample.tags) == ["cis-aws-5.0:9.9"]
    assert (sample.remediation_steps, sample.url) == ("Set it.", "https://example.com/sample")
    assert sample.framework.reference == "9.9"
    assert set(json_format.MessageToDict(sample.configSchema.properties)) == {"days", "exemptions"}


def test_the_engine_can_end_the_process() -> None:
    stopping = threading.Event()
    pack = Pack(name="pack", version="1.2.3", description="A pack.", rules=(SAMPLE,))

    Analyzer(pack, stopping).Cancel(empty_pb2.Empty(), CONTEXT)

    assert stopping.is_set()
