"""Event patterns, matched by AWS's own matcher: the sandbox's says the same.

Source: https://github.com/aws/event-ruler, which EventBridge runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.aws.patches.events.matching import matches
from sandbox.tests.aws.pattern_cases import CASES
from tests.corpus.coverage import corpus, patterns_by_place
from tests.corpus.events import event
from tests.support.java_programs import run_java

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def matched(patterns: dict[str, Any], events: list[Any], directory: Path) -> list[set[str]]:
    """The names of the patterns that match each event."""
    given = {"patterns": patterns, "events": events}
    return [set(names) for names in run_java("ruler", given, directory)]


def test_both_say_the_same_of_single_patterns(tmp_path: Path) -> None:
    patterns = {about: pattern for about, (pattern, _, _) in CASES.items()}
    found = matched(patterns, [given for _, given, _ in CASES.values()], tmp_path)

    for (about, (_, _, expected)), names in zip(CASES.items(), found, strict=True):
        assert (about in names) is expected, about


def test_both_say_the_same_of_the_event_rules_over_the_corpus(tmp_path: Path) -> None:
    patterns = {
        f"{name} in {account}, {region}": pattern
        for (account, region), rules in patterns_by_place().items()
        for name, pattern in rules.items()
    }
    events = [event(case.record) for case in corpus()]
    found = matched(patterns, events, tmp_path)

    assert any(found)
    for case, given, names in zip(corpus(), events, found, strict=True):
        here = {name for name, pattern in patterns.items() if matches(pattern, given)}
        assert names == here, case.id
