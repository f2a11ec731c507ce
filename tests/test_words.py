"""Words of the field: a dozen words of a dialect that the code once had, and what to write instead.

Add to `ALLOWED` only what a file must have, such as another tool's name for a thing.
"""

import re
import subprocess

import pytest

from tests.support.checkout import CHECKOUT

WORDS = {
    r"mend(s|ed|ing)?": "remediation (of a rule), patch (of moto), normalize (a schema), fix",
    r"judge(s|d)?|judging|judgement": "evaluate, check, verify",
    r"told": "say what is passed, reported or configured",
    r"whoever": "the principal, the role, the caller, anyone who",
    r"nobody": "no one, no principal, no rule",
    r"hangs? on": "is attached to",
    r"anew": "again",
    r"speaks? against": "preflight finding",
    r"surroundings?": "deployment context",
    r"shall": "must, will",
    r"by hand": "manually",
    r"is gone already": "is already deleted",
}

ALLOWED = {
    "tests/test_words.py": "the list itself",
    "tests/components/released": "the last release, as it was",
}

_TEXT = (".md", ".py", ".toml", ".yaml", ".yml", ".json", ".sh", "Makefile")


def texts() -> list[str]:
    """The repository's own files of code and text, but for those that are allowed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [
        path
        for path in listed
        if path.endswith(_TEXT)
        and (CHECKOUT / path).is_file()
        and not any(path == place or path.startswith(f"{place}/") for place in ALLOWED)
    ]


@pytest.mark.parametrize("word", WORDS)
def test_the_words_of_the_field_are_used(word: str) -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate((CHECKOUT / path).read_text().splitlines(), start=1)
        if re.search(rf"(?<![\w-])({word})(?![\w-])", line, re.IGNORECASE)
    ]

    assert not found, f"write {WORDS[word]!r} instead:\n" + "\n".join(found)


@pytest.mark.parametrize("place", ALLOWED)
def test_what_is_allowed_is_there(place: str) -> None:
    assert (CHECKOUT / place).exists()
