from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from tests.policypack.support import (
    CONTEXT,
    NOT_KNOWN,
    PAST,
    SAMPLE,
    TRAIL,
    analyzer,
    cannot_decide,
    exemption,
    finds_nothing,
    request,
    secret,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.rule import ResourceCheck


def test_a_remediation_sets_what_is_missing_and_keeps_the_rest() -> None:
    first = replace(SAMPLE, id="first", corrections={TRAIL: {"enableLogging": True}})
    second = replace(SAMPLE, id="second", corrections={TRAIL: {"isMultiRegionTrail": True}})
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
    ("check", "level", "config"),
    [
        pytest.param(SAMPLE.check, "MANDATORY", {}, id="its-level-is-another"),
        pytest.param(
            SAMPLE.check, "REMEDIATE", {"exemptions": [exemption()]}, id="the-resource-is-exempted"
        ),
        pytest.param(finds_nothing, "REMEDIATE", {}, id="nothing-is-wrong"),
        pytest.param(cannot_decide, "REMEDIATE", {}, id="it-cannot-decide"),
    ],
)
def test_a_rule_remediates_nothing_when(
    check: ResourceCheck, level: str, config: dict[str, object]
) -> None:
    rule = replace(SAMPLE, check=check, corrections={TRAIL: {"a": True}})
    service = analyzer(rule, config={"sample": (level, config)})

    assert service.Remediate(request({}), CONTEXT) == analyzer_pb2.RemediateResponse()


def test_an_expired_exemption_does_not_stop_a_remediation() -> None:
    rule = replace(SAMPLE, corrections={TRAIL: {"a": True}})
    service = analyzer(
        rule, config={"sample": ("REMEDIATE", {"exemptions": [exemption(expires=PAST)]})}
    )

    assert len(service.Remediate(request({}), CONTEXT).remediations) == 1


def test_a_rule_without_one_right_answer_says_that_it_cannot_remediate() -> None:
    service = analyzer(SAMPLE, config={"sample": ("REMEDIATE", {})})

    response = service.Remediate(request({}), CONTEXT)

    assert [each.policy_name for each in response.not_applicable] == ["sample"]
    assert not response.remediations
