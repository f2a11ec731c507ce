"""Deploying a stack without an engine: a preview with the policy pack, then the deployment."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import mocks

from sandbox.inprocess.config import load_config, project_name
from sandbox.inprocess.making import Making
from sandbox.inprocess.monitor import Monitor, NoMocks, Pass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.inprocess.monitor import Handled
    from sandbox.policy_pack.messages import Diagnostic
    from sandbox.policy_pack.process import PolicyPackProcess


class RejectedError(Exception):
    """The policy pack rejected the stack."""

    def __init__(self, violations: list[Diagnostic]) -> None:
        """Name the mandatory violations."""
        super().__init__("\n".join(f"{v.policy} ({v.urn}):\n{v.message}" for v in violations))
        self.violations = violations


@dataclass
class Progress:
    """What is reported while a stack is deployed.

    Attributes:
        on_resource: a resource was handled.
        on_diagnostic: the policy pack found something.
        on_message: the program logged something: level and text.
    """

    on_resource: Callable[[Handled], None] = lambda _: None
    on_diagnostic: Callable[[Diagnostic], None] = lambda _: None
    on_message: Callable[[str, str], None] = lambda _level, _text: None


@dataclass(frozen=True)
class Stack:
    """A stack of a project, and what it may read.

    Attributes:
        project: the project's directory.
        name: the stack's name.
        linked: outputs of other stacks by full name, ``organization/project/stack``.
        making: what becomes of its resources.
    """

    project: Path
    name: str
    linked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    making: Making = field(default_factory=Making)


def up(stack: Stack, pack: PolicyPackProcess | None, progress: Progress) -> dict[str, Any]:
    """Preview a stack, evaluate the policy pack, and deploy the stack.

    Returns:
        The stack's outputs.

    Raises:
        RejectedError: the policy pack rejected the stack; a mandatory finding about a preview means
            that nothing was created.
        DeploymentError: the provider rejected a resource; what was created before it stays.
        pulumi.RunError: the program ended with an error.
    """
    silent = Progress(on_message=progress.on_message)
    previewed = run(stack, pack, silent, preview=True)[0]
    for diagnostic in previewed.diagnostics:
        progress.on_diagnostic(diagnostic)
    violations = [d for d in previewed.diagnostics if d.level == "mandatory"]
    if violations:
        raise RejectedError(violations)
    quiet = Progress(on_resource=progress.on_resource)
    deployed, outputs = run(stack, pack, quiet, preview=False)
    late = [d for d in deployed.diagnostics if d.level == "mandatory"]
    if late:
        raise RejectedError(late)
    return outputs


def run(
    stack: Stack, pack: PolicyPackProcess | None, progress: Progress, *, preview: bool
) -> tuple[Pass, dict[str, Any]]:
    """Run the program once, in a context of its own.

    Returns:
        What was registered, with all that the policy pack found, and the stack's outputs.

    Raises:
        DeploymentError: the provider rejected a resource; what was created before it stays.
        pulumi.RunError: the program ended with an error.
    """
    project = project_name(stack.project)
    once = Pass(
        project=project,
        stack=stack.name,
        preview=preview,
        config=load_config(stack.project, stack.name),
        linked=stack.linked,
        pack=pack,
        on_resource=progress.on_resource,
        making=stack.making,
    )
    if pack is not None:
        pack.configure_stack(project, stack.name, preview=preview)
    outputs = contextvars.copy_context().run(_execute, stack.project, once, progress)
    if pack is not None:
        once.diagnostics.extend(pack.analyze_stack(once.evaluated).diagnostics)
    return once, outputs


def _execute(directory: Path, once: Pass, progress: Progress) -> dict[str, Any]:
    outputs: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        runpy.run_path(str(directory), run_name="__main__")
        root = pulumi.runtime.get_root_resource()
        exported = pulumi.Output.from_input(dict(getattr(root, "outputs", {})))
        return exported.apply(outputs.update)

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        mocks.set_mocks(
            NoMocks(),
            project=once.project,
            stack=once.stack,
            organization="organization",
            preview=once.preview,
            logger=_logger(progress),
            monitor=Monitor(once),
        )
        pulumi.runtime.set_all_config(dict(once.config))
        mocks.test(program)()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return outputs


def _logger(progress: Progress) -> logging.Logger:
    logger = logging.Logger("program")  # noqa: LOG001 - one for this run alone
    logger.addHandler(_Messages(progress))
    return logger


class _Messages(logging.Handler):
    """What the program logs, as far as the engine would show it."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress.on_message(record.levelname.lower(), record.getMessage())
