"""One version, in every file that states it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path


class ReleaseError(Exception):
    """The checkout cannot be released; the message says what to do."""


_PLACES: Final = {
    "pyproject.toml": r'^version = "(.+)"$',
    "components/pyproject.toml": r'^version = "(.+)"$',
    "policypack/pyproject.toml": r'^version = "(.+)"$',
    "policypack/PulumiPolicy.yaml": r"^version: (.+)$",
    "policypack/cloudtrail_guard_policies/serve.py": r'^ +version="(.+)",$',
}
"""The files that state the version, and how."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file that states the version.

    Attributes:
        file: Path relative to the checkout.
        version: What it states.
    """

    file: str
    version: str


def places(checkout: Path) -> list[Place]:
    """Return every file that states the version, with what it states.

    Raises:
        ReleaseError: A file states none.
    """
    return [Place(file, _version(checkout, file, line)) for file, line in _PLACES.items()]


def version_of(checkout: Path) -> str:
    """Return the version of a checkout.

    Raises:
        ReleaseError: The files do not agree.
    """
    found = places(checkout)
    if len({place.version for place in found}) > 1:
        listed = ", ".join(f"{place.file} has {place.version}" for place in found)
        raise ReleaseError(f"the versions differ: {listed}; set all of them to the same")
    return found[0].version


def check_tag(tag: str, version: str) -> None:
    """Hold a tag against the version.

    Raises:
        ReleaseError: The tag names another version.
    """
    if tag != f"v{version}":
        raise ReleaseError(f"tag {tag} does not fit version {version}: tag v{version}")


def _version(checkout: Path, file: str, line: str) -> str:
    found = re.search(line, (checkout / file).read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ReleaseError(f"{file} states no version: a line like {line} is missing")
    return found[1]
