"""Versions of three numbers."""

from __future__ import annotations

import re
from typing import TypeAlias

Version: TypeAlias = tuple[int, int, int]

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


def parse(words: str) -> Version | None:
    """The first version in a text, such as ``v3.276.0`` or ``go1.26``."""
    found = _VERSION.search(words)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def text(version: Version) -> str:
    """A version for people."""
    return ".".join(map(str, version))
