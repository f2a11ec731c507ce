"""What tests with the real engine share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from demo.working_copy import working_copy

from sandbox.session import Sandbox
from sandbox.tests.limits import heed_ctrl_c
from tests.support.engine import Project, engine

if TYPE_CHECKING:
    from collections.abc import Iterator

heed_ctrl_c()


@pytest.fixture(scope="module")
def engine_sandbox() -> Iterator[Sandbox]:
    """A sandbox with the real CLI, for the tests of one module.

    Where no CLI can be had its tests are skipped, saying why; with REQUIRE_PULUMI=1 they fail.
    """
    with Sandbox(pulumi=engine()) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def project(engine_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The program in a sandbox, with both stacks made and nothing deployed."""
    project = Project(working_copy(tmp_path_factory.mktemp("program")), engine_sandbox)
    project.init("security", "management")
    return project
