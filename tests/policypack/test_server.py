from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.evaluation import RuleError
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import Undecidable, Violation
from cloudtrail_guard_policies.engine.server import Analyzer, Pack
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2

from tests.policypack.support import (
    CONTEXT,
    SAMPLE,
    TRAIL,
    RefusedError,
    analyzer,
    cannot_decide,
    made,
    request,
    said,
    secret,
    stack,
    urn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def test_a_violation_names_resource_property_problem_and_fix() -> None:
    response = analyzer(SAMPLE).Analyze(request({}), CONTEXT)

    assert said(response) == [
        (
            "sample",
            "mandatory",
            (
                "aws:cloudtrail/trail:Trail 'audit', property kmsKeyId is not set.\n"
                "Fix: set kmsKeyId to a key (in Python: kms_key_id)."
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
    def twice(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
        return [Undecidable(resource=resource, path="a")] * 2

    response = analyzer(replace(SAMPLE, check=twice)).Analyze(request({}), CONTEXT)

    assert len(said(response)) == 1


def test_a_rule_sees_plain_values_names_and_options() -> None:
    seen: list[Resource] = []

    def see(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
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

    def needs_days(resource: Resource, settings: RuleSettings) -> Iterable[Finding]:
        yield Violation(
            resource=resource, path="days", problem=f"< {settings[days]}", remediation=""
        )

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
def test_a_misspelt_configuration_is_an_error_with_the_nearest_name(
    config: dict[str, tuple[str, dict[str, object]]], message: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        analyzer(SAMPLE, config=config)

    assert str(caught.value) == message


def test_the_level_of_all_rules_is_not_taken_for_a_rule() -> None:
    service = analyzer(SAMPLE, config={"all": ("ADVISORY", {}), "sample": ("ADVISORY", {})})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["advisory"]


def test_a_rule_that_fails_names_itself_and_the_resource() -> None:
    def fails(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
        raise KeyError(resource.name)

    message = f"rule sample failed on {urn(TRAIL, 'audit')}: KeyError: 'audit'"
    with pytest.raises(RuleError, match=message.replace("/", ".")):
        analyzer(replace(SAMPLE, check=fails)).Analyze(request({}), CONTEXT)


def test_the_pack_describes_its_rules() -> None:
    days = integer("days", "Days.", default=365)
    service = analyzer(replace(SAMPLE, parameters=(days,)))

    info = service.GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT)

    assert (info.name, info.version, info.supportsConfig) == ("pack", "1.2.3", True)
    [sample] = info.policies
    assert sample.name == "sample"
    assert sample.description == "A sample holds."
    assert sample.enforcementLevel == analyzer_pb2.MANDATORY
    assert sample.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    assert sample.policy_type == analyzer_pb2.POLICY_TYPE_RESOURCE
    assert list(sample.tags) == ["cis-aws-5.0:9.9"]
    assert (sample.remediation_steps, sample.url) == ("Set it.", "https://example.com/sample")
    assert sample.framework.reference == "9.9"
    assert set(json_format.MessageToDict(sample.configSchema.properties)) == {"days", "exemptions"}


# `pulumi policy analyze` asks about a resource that was only read, without inputs (pulumi/pulumi,
# pkg/resource/deploy/analyze_snapshot.go); another driver may not ask about it before the stack.
@pytest.mark.parametrize("asked", [True, False], ids=["asked", "not asked"])
def test_a_resource_that_is_only_read_is_evaluated_by_what_the_provider_answers(
    asked: bool,
) -> None:
    def needs_key(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
        if resource.read and resource.properties.get("kmsKeyId") != "key":
            yield Violation(resource=resource, path="kmsKeyId", problem="is wrong", remediation="")

    service = analyzer(replace(SAMPLE, check=needs_key))
    nothing = analyzer_pb2.AnalyzeRequest(type=TRAIL, name="audit", urn=urn(TRAIL, "audit"))
    if asked:
        assert said(service.Analyze(nothing, CONTEXT)) == []

    sound = service.AnalyzeStack(stack(made(TRAIL, "audit", {"kmsKeyId": "key"})), CONTEXT)
    weak = service.AnalyzeStack(stack(made(TRAIL, "audit", {"kmsKeyId": ""})), CONTEXT)

    assert said(sound) == []
    assert [level for _, level, _ in said(weak)] == ["mandatory"]


def test_what_is_read_by_an_id_that_is_not_known_yet_is_not_evaluated() -> None:
    response = analyzer(SAMPLE).AnalyzeStack(stack(made(TRAIL, "audit")), CONTEXT)

    assert said(response) == []


def test_what_is_only_read_is_not_remediated() -> None:
    rule = replace(SAMPLE, corrections={TRAIL: {"enableLogging": True}})
    service = analyzer(rule, config={"sample": ("REMEDIATE", {})})
    nothing = analyzer_pb2.AnalyzeRequest(type=TRAIL, name="audit", urn=urn(TRAIL, "audit"))

    assert list(service.Remediate(nothing, CONTEXT).remediations) == []


def test_the_engine_can_end_the_process() -> None:
    stopping = threading.Event()
    pack = Pack(name="pack", version="1.2.3", description="A pack.", rules=(SAMPLE,))

    Analyzer(pack, stopping).Cancel(empty_pb2.Empty(), CONTEXT)

    assert stopping.is_set()
