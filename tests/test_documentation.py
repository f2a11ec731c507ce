"""The documentation: links, commands and words."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cloudtrail_guard.operations import OPERATIONS
from command_line.app import COMMANDS

from tests.support.checkout import CHECKOUT

PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    *sorted((CHECKOUT / "docs").rglob("*.md")),
]
HOW_TOS = sorted((CHECKOUT / "docs/how-to").glob("*.md"))
PICTURES = sorted((CHECKOUT / "docs").rglob("*.svg"))
QUESTIONS = 12


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_contributing_answers_a_newcomers_questions_and_the_readme_leads_there() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text()
    section = text.partition("## Where to find what")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| (.+\?) \| (.+) \|$", section, re.MULTILINE)

    assert len(rows) >= QUESTIONS
    assert all("](" in answer or "`" in answer for _, answer in rows)
    assert "CONTRIBUTING.md#where-to-find-what" in (CHECKOUT / "README.md").read_text()


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: page.name)
def test_a_command_of_ours_is_run_with_the_environment_that_set_up_makes(page: Path) -> None:
    text = page.read_text()
    blocks = re.findall(r"```(?:sh|yaml)\n(.*?)```", text, re.DOTALL)

    assert "python -m" not in text
    for line in "\n".join(blocks).splitlines():
        if named := re.search(r"(\S+ ?\S*) ?cloudtrail-guard (\w+)", line):
            assert named[2] in COMMANDS
    for use in re.findall(r"^\s*(.*?)cloudtrail-guard (?:\w+)", "\n".join(blocks), re.MULTILINE):
        assert use.endswith((".venv/bin/", "--group integrity ")), use


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: page.name)
def test_what_must_be_done_before_stands_before_the_commands(page: Path) -> None:
    for section in re.split(r"^## ", page.read_text(), flags=re.MULTILINE)[1:]:
        before, command = section.find("\nBefore"), section.find("```")
        assert before < command or before < 0 or command < 0, section.splitlines()[0]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_asks_for_nothing_from_elsewhere_and_names_no_machine(picture: Path) -> None:
    root = ET.fromstring(picture.read_text())  # noqa: S314 - our own file
    elements = [(each.tag.rpartition("}")[2], each) for each in root.iter()]

    assert {tag for tag, _ in elements}.isdisjoint({"image", "script", "foreignObject"})
    styles = [each.text or "" for tag, each in elements if tag == "style"]
    for text in [*styles, *(value for _, each in elements for value in each.attrib.values())]:
        assert not re.search(r"//|@import|@font-face|url\((?!#)", text), text
    assert "/tmp" not in "".join(root.itertext())  # noqa: S108 - a path that must not be there


THREATS = (CHECKOUT / "docs/threat-model.md").read_text()
ATTEMPTS = [
    line
    for heading in ("## What is denied\n", "## What stops the rest\n")
    for line in THREATS.partition(heading)[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| attempt ")
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda row: row.split(" | ")[0].strip("| "))
def test_every_attempt_of_the_threat_model_names_a_test_that_is_there(attempt: str) -> None:
    named = re.findall(r"\[`(test_\w+)`\]\(([^)]+)\)", attempt.rpartition(" | ")[2])

    assert named, "the last column names the tests that try it"
    for test, path in named:
        source = (CHECKOUT / "docs" / path).read_text()
        assert re.search(rf"^def {test}\(", source, re.MULTILINE), f"{path} has no {test}"


def test_the_threat_model_has_a_row_for_every_operation_of_the_table() -> None:
    rows = "\n".join(ATTEMPTS)

    assert [each.action for each in OPERATIONS if f"`{each.action}`" not in rows] == []
