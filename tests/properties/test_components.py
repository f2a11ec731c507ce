"""Any inputs of a component, in the names of other languages, are refused clearly or deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cloudtrail_guard.plugin import ComponentHost
from hypothesis import strategies as st

from tests.properties.components import COMPONENTS, inputs_of
from tests.properties.outcome import DEPLOYER, assert_clear, outcome_of
from tests.properties.runs import run_examples
from tests.support.deployment import deploy
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from tests.support.deployment import Deployment

FEW, MANY = 6, 400
"""How many examples of each component: here a hundred in all, and at night thousands."""

HOST = ComponentHost()
KEY = SAMPLES["logKeyArn"]
LIVE: dict[str, Any] = {
    "audit-logs": {"bucket": "audit-logs", "arn": "arn:aws:s3:::audit-logs"},
    KEY.rsplit("/", maxsplit=1)[-1]: {"arn": KEY, "keyId": KEY.rsplit("/", maxsplit=1)[-1]},
    "a" * 32: {"enable": True},
}
"""What exists already."""


def construct(component: str, inputs: dict[str, Any], *, preview: bool, into: Deployment) -> None:
    def program() -> None:
        HOST.construct("made", COMPONENTS[component], inputs)

    deploy(program, preview=preview, live=LIVE, into=into)


def leaves_out(deployers: object) -> bool:
    """Whether the principal that deploys is not among the deployers that are named."""
    return isinstance(deployers, list) and bool(deployers) and DEPLOYER not in deployers


def hold(component: str, inputs: dict[str, Any], *, preview: bool) -> None:
    """Hold the inputs to what any inputs must come to."""
    outcome = outcome_of(lambda into: construct(component, inputs, preview=preview, into=into))
    assert_clear(outcome, deployer_is_left_out=leaves_out(inputs.get("deployerRoleArns")))


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_any_inputs_are_refused_clearly_or_deployed(component: str, examples: int) -> None:
    run_examples(
        lambda drawn: hold(component, drawn[0], preview=drawn[1]),
        st.tuples(inputs_of(component), st.booleans()),
        examples,
    )
