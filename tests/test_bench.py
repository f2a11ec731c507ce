"""The gate says that something is slower only where it is so beyond doubt."""

import importlib
from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.checkout import CHECKOUT


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(CHECKOUT / "bench"))
    return importlib.import_module("gate")


@pytest.mark.parametrize(
    ("before", "now", "ratio", "is_slower"),
    [
        pytest.param([1.0, 1.1, 0.9], [1.0, 1.1, 0.9], 1.0, False, id="as before"),
        pytest.param([1.0, 1.1, 0.9], [1.5, 1.6, 1.4], 1.5, True, id="slower"),
        pytest.param([1.0, 1.1, 0.9], [1.05, 1.06, 1.04], 1.05, False, id="a little slower"),
        pytest.param([1.0, 1.1, 0.9], [0.95, 1.6, 1.7], 1.6, False, id="slower in some rounds"),
        pytest.param([1.0, 1.1, 0.9], [0.5, 0.5, 0.5], 0.5, False, id="faster"),
        pytest.param([], [9.0], None, False, id="new"),
    ],
)
def test_slower_is_what_no_noise_explains(
    gate: Any,
    before: Sequence[float],
    now: Sequence[float],
    ratio: float | None,
    is_slower: bool,
) -> None:
    found = gate.Comparison(before=before, now=now)

    assert found.ratio == (None if ratio is None else pytest.approx(ratio))
    assert found.is_slower is is_slower
