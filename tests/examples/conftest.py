"""One clone for the tests that use the component plugin: Pulumi makes its environment once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.session import Sandbox
from tests.support.engine import engine
from tests.support.examples import clone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples in a clone."""
    return clone(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An AWS for each example: what it leaves behind must not meet the next one."""
    with Sandbox(pulumi=engine()) as sandbox:
        yield sandbox
