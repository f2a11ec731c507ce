"""One clone for the tests that use the component plugin: Pulumi makes its environment once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.engine.search import find_pulumi
from sandbox.session import Sandbox
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
    pulumi = find_pulumi()
    if isinstance(pulumi, NoPulumi):
        pytest.skip(str(pulumi))
    with Sandbox(pulumi=pulumi) as sandbox:
        yield sandbox
