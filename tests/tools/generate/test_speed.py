"""The page of how what users wait for has changed."""

from pathlib import Path

import pytest
from generate.speed import draw, files, lines

ENTRIES = [
    {"date": "2026-01-01", "revision": "a", "ratios": {}},
    {"date": "2026-02-01", "revision": "b", "ratios": {"imports": 0.5}},
    {"date": "2026-03-01", "revision": "c", "ratios": {"imports": 1.2, "a sandbox": 0.9}},
]


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_page_and_drawing_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == files()[path], "run `make generate`"


def test_a_cost_is_that_of_the_entry_before_times_the_ratio() -> None:
    imports, sandbox = lines(ENTRIES)

    assert imports.points == [(0, 1.0), (1, 0.5), (2, pytest.approx(0.6))]
    assert sandbox.points == [(1, 1.0), (2, 0.9)]


def test_the_drawing_has_every_command_and_date() -> None:
    drawn = draw(ENTRIES).svg()

    for text in ("imports", "a sandbox", "2026-01-01", "2026-03-01", "0.60"):
        assert f">{text}</text>" in drawn
