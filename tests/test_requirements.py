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


def test_every_file_of_the_lock_has_a_hash_which_set_up_demands() -> None:
    files = [
        (name, file)
        for name, package in LOCKED.items()
        if "registry" in package["source"]
        for file in (*package.get("wheels", ()), *filter(None, [package.get("sdist")]))
    ]

    assert files
    assert [name for name, file in files if not file.get("hash", "").startswith("sha256:")] == []
    # uv holds what it installs against the lock's hashes, and --frozen takes no other lock.
    assert "$(UV) sync --frozen\n" in (CHECKOUT / "Makefile").read_text(encoding="utf-8")
