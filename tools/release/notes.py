"""A release's notes: its section of the changelog."""

from __future__ import annotations

import re

from release.versions import ReleaseError


def notes(changelog: str, version: str) -> str:
    """Return the section of a version, without its heading.

    Args:
        changelog: The changelog in the format of Keep a Changelog 1.1.0.
        version: Such as ``0.2.0``.

    Raises:
        ReleaseError: The changelog has no such section, or an empty one.
    """
    heading = rf"^## \[?{re.escape(version)}\]?(?: - \d{{4}}-\d{{2}}-\d{{2}})?$"
    found = re.search(rf"{heading}\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    text = found[1].strip() if found else ""
    if not text:
        raise ReleaseError(
            f"CHANGELOG.md says nothing of {version}: rename the heading Unreleased to"
            f" `## {version} - YYYY-MM-DD`, and start an empty Unreleased above it"
        )
    return f"{text}\n"
