"""The environment of a sandbox, in this process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from sandbox.session import Sandbox


def take_environment(sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
    """Let this process have a sandbox's environment and nothing else, until the patch is undone."""
    for name in os.environ.keys() - sandbox.environment.keys():
        patch.delenv(name)
    for name, value in sandbox.environment.items():
        patch.setenv(name, value)
