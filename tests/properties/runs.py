"""How properties are run: the same everywhere, and again from what a failure prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy


_MANY = 300


def run_examples(hold: Callable[[Any], None], examples: SearchStrategy[Any], count: int) -> None:
    """Hold so many examples to a property; a failure prints how to run its example again.

    A few are the same in each run, so that a change fails by its own doing; thousands are others
    every night. No example has a deadline: the machine may be busy. No database of examples is
    kept, so that runs do not depend on each other: a counterexample becomes a test with a name.
    """

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=count < _MANY,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(examples)
    def run(example: Any) -> None:
        hold(example)

    run()
