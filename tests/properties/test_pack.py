"""Any configuration of the policy pack is typed and exempts what it names, or is refused whole."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import pytest
from cloudtrail_guard_policies.engine.levels import EnforcementLevel
from cloudtrail_guard_policies.engine.settings import (
    EXEMPTIONS,
    ConfigurationError,
    read_settings,
    schema,
)
from cloudtrail_guard_policies.rules import RULES
from hypothesis import strategies as st

from tests.properties.runs import run_examples
from tests.properties.values import JSON, WHOLE, mostly

FEW, MANY = 200, 2_000
BY_ID = {rule.id: rule for rule in RULES}
NAME, URN = "logs-bucket", "urn:pulumi:dev::p::aws:s3/bucket:Bucket::logs-bucket"

_TEXTS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["logs-*", "*", "[", "[!", "[]", "**", "::", NAME, URN, "urn:*::logs-bucket"]),
    st.text("abc[]*?!-:", max_size=8),
)
_DATES: st.SearchStrategy[Any] = st.one_of(
    st.dates().map(str),
    st.sampled_from(["2030-02-30", "2030-1-1", "0000-01-01", "2030-06-30\n", "tomorrow", ""]),
)
_EXEMPTIONS = st.lists(
    mostly(
        st.fixed_dictionaries({"resource": _TEXTS, "reason": _TEXTS, "expires": _DATES}),
        JSON,
        one_in=6,
    ),
    max_size=3,
)


def configurations() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A rule's id, and what a user may write for it."""
    return st.sampled_from(sorted(BY_ID)).flatmap(
        lambda rule: st.tuples(
            st.just(rule),
            st.fixed_dictionaries(
                {},
                optional={
                    EXEMPTIONS: mostly(_EXEMPTIONS, JSON, one_in=8),
                    "unknown": JSON,
                    **{
                        each.name: st.one_of(WHOLE, JSON, st.just(each.default))
                        for each in BY_ID[rule].parameters
                    },
                },
            ),
        )
    )


def hold(rule: str, properties: dict[str, Any]) -> None:
    """Hold a configuration to what any must come to."""
    parameters = BY_ID[rule].parameters
    plain = json.loads(json.dumps(properties))
    try:
        settings = read_settings(rule, parameters, EnforcementLevel.MANDATORY, plain)
    except ConfigurationError as error:
        assert str(error).startswith(f"{rule}: ")  # noqa: PT017 - an error is one of two good ends
        return
    assert "unknown" not in plain
    # What is read here, the engine's own check lets through as well.
    wanted = {"type": "object", "properties": schema(parameters)}
    jsonschema.validate(plain, wanted)
    assert [each.reason.strip() for each in settings.exemptions] == [
        each["reason"].strip() for each in plain.get(EXEMPTIONS, [])
    ]
    for exemption in settings.exemptions:
        assert isinstance(exemption.expires, dt.date)
        assert isinstance(exemption.covers(NAME, URN), bool)
    for parameter in parameters:
        assert type(settings[parameter]) is type(parameter.default)


@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_any_configuration_is_typed_or_refused(examples: int) -> None:
    run_examples(lambda drawn: hold(*drawn), configurations(), examples)
