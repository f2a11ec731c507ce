"""What `pulumi install` installs in a clone is what uv has locked."""

import re
import tomllib
from typing import Any

from tests.support.checkout import CHECKOUT

LOCKED: dict[str, Any] = {
    package["name"]: package
    for package in tomllib.loads((CHECKOUT / "uv.lock").read_text())["package"]
}
ROOT = "cloudtrail-guard-program"


def needed() -> set[str]:
    """The packages that the program needs, with all that they need."""
    found: set[str] = set()
    left = {ROOT}
    while left:
        name = left.pop()
        found.add(name)
        wanted = {dependency["name"] for dependency in LOCKED[name].get("dependencies", ())}
        left |= wanted - found
    return found


def test_the_requirements_are_the_locked_versions_of_what_the_program_needs() -> None:
    text = (CHECKOUT / "requirements.txt").read_text()
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))
    ours = {name for name in needed() if "editable" in LOCKED[name]["source"]}

    assert pinned == {name: LOCKED[name]["version"] for name in needed() - ours}


def test_the_requirements_have_the_packages_of_the_checkout() -> None:
    text = (CHECKOUT / "requirements.txt").read_text()
    folders = {LOCKED[name]["source"].get("editable") for name in needed()} - {None}

    assert {f"./{line}" if line != "." else line for line in folders} == set(
        re.findall(r"^-e (\S+)$", text, re.MULTILINE)
    )
