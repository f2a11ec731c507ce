from __future__ import annotations

from dataclasses import replace

from tests.policypack.support import (
    BUCKET,
    CONTEXT,
    PAST,
    SAMPLE,
    TRAIL,
    analyzer,
    exemption,
    finds_nothing,
    in_stack,
    request,
    said,
    stack,
)

TRAIL_AND_BUCKET = (in_stack(TRAIL, "audit"), in_stack(BUCKET, "logs"))
SILENT = replace(SAMPLE, check=finds_nothing)


def test_what_is_exempted_is_shown_as_an_advisory_with_reason_and_end() -> None:
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", {"exemptions": [exemption()]})})

    [(_, level, message)] = said(service.Analyze(request({}), CONTEXT))

    assert level == "advisory"
    assert "exempted until 2099-12-31, because: CHG-1\n" in message
    assert "property kmsKeyId is not set" in message


def test_an_expired_exemption_is_a_violation_again_and_says_so() -> None:
    service = analyzer(
        SAMPLE, config={"sample": ("MANDATORY", {"exemptions": [exemption(expires=PAST)]})}
    )

    [(_, level, message)] = said(service.Analyze(request({}), CONTEXT))

    assert level == "mandatory"
    assert message.endswith("Its exemption expired on 2001-01-31; the reason was: CHG-1")


def test_a_renewed_exemption_counts_beside_the_expired_one() -> None:
    both = [exemption(), exemption(expires=PAST)]
    service = analyzer(SAMPLE, config={"sample": ("MANDATORY", {"exemptions": both})})

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["advisory"]


def test_an_exemption_lets_no_other_resource_pass() -> None:
    service = analyzer(
        SAMPLE, config={"sample": ("MANDATORY", {"exemptions": [exemption("other")]})}
    )

    assert [level for _, level, _ in said(service.Analyze(request({}), CONTEXT))] == ["mandatory"]


def test_an_exemption_that_matches_no_resource_of_the_stack_is_reported() -> None:
    config: dict[str, object] = {"exemptions": [exemption(), exemption("gone")]}
    service = analyzer(SILENT, config={"sample": ("MANDATORY", config)})

    [(rule, level, message)] = said(service.AnalyzeStack(stack(*TRAIL_AND_BUCKET), CONTEXT))

    assert (rule, level) == ("sample", "advisory")
    assert "the exemption for 'gone' matches no resource" in message


def test_an_exemption_for_a_resource_of_another_type_is_reported() -> None:
    service = analyzer(
        SILENT, config={"sample": ("MANDATORY", {"exemptions": [exemption("logs")]})}
    )

    [(_, _, message)] = said(service.AnalyzeStack(stack(*TRAIL_AND_BUCKET), CONTEXT))

    assert "the exemption for 'logs' matches no resource" in message
