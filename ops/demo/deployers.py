"""Two ways to deploy a stack: with the real engine, or in-process where there is none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pulumi import automation as auto

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi.automation.events import EngineEvent

_COLOURS = re.compile(r"<\{%[^%]*%\}>")
"""The engine's colour tags, e.g. ``<{%reset%}>``."""


@dataclass
class Outcome:
    """How a deployment ended.

    Attributes:
        failed: why it failed; empty when it succeeded.
        operations: how many resources were created, updated, left the same.
        outputs: the stack's outputs.
        violations: the messages of mandatory violations.
    """

    failed: str = ""
    operations: Counter[str] = field(default_factory=Counter[str])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    violations: list[str] = field(default_factory=list[str])


class Deployer(Protocol):
    """Deploys stacks of projects, checked by a policy pack.

    Attributes:
        can_update: whether a stack can be deployed again.
    """

    can_update: bool

    def up(
        self, project: Path, stack: str, pack: Path, on_resource: Callable[[str, str], None]
    ) -> Outcome:
        """Deploy a stack.

        Args:
            project: the directory with ``Pulumi.yaml``.
            stack: the stack's name.
            pack: the policy pack's directory.
            on_resource: called with type and name of each resource that was handled.
        """
        ...


class Engine:
    """The Pulumi CLI that PATH has."""

    can_update = True

    def up(
        self, project: Path, stack: str, pack: Path, on_resource: Callable[[str, str], None]
    ) -> Outcome:
        """See `Deployer.up`."""
        outcome = Outcome()

        def on_event(event: EngineEvent) -> None:
            if event.policy_event and event.policy_event.enforcement_level == "mandatory":
                policy = event.policy_event
                outcome.violations.append(_said(policy.policy_name, policy.message))
            if event.res_outputs_event:
                metadata = event.res_outputs_event.metadata
                outcome.operations[str(metadata.op.value)] += 1
                on_resource(_short(metadata.type), metadata.urn.rsplit("::", maxsplit=1)[-1])

        handle = auto.create_or_select_stack(stack_name=stack, work_dir=str(project))
        try:
            result = handle.up(policy_packs=[str(pack)], on_event=on_event, show_secrets=False)
        except auto.CommandError as error:
            outcome.failed = _reason(str(error))
            return outcome
        outcome.outputs = {name: output.value for name, output in result.outputs.items()}
        return outcome


class InProcess:
    """No CLI: the SDK's test runtime over the same provider, and the same policy pack."""

    can_update = False

    def up(
        self, project: Path, stack: str, pack: Path, on_resource: Callable[[str, str], None]
    ) -> Outcome:
        """See `Deployer.up`."""
        outcome = Outcome()
        command = [sys.executable, "-W", "ignore", "-m", "sandbox.inprocess", "--json"]
        command += ["--project", str(project), "--stack", stack, "--policy-pack", str(pack)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            for line in process.stdout or ():
                self._take(json.loads(line), outcome, on_resource)
            errors = process.stderr.read() if process.stderr else ""
        if process.returncode != 0:
            outcome.failed = errors.strip() or f"exit code {process.returncode}"
        return outcome

    def _take(
        self, event: dict[str, Any], outcome: Outcome, on_resource: Callable[[str, str], None]
    ) -> None:
        match event["event"]:
            case "resource":
                outcome.operations[event["operation"]] += 1
                on_resource(_short(event["type"]), event["name"])
            case "policy" if event["level"] == "mandatory":
                outcome.violations.append(_said(event["policy"], event["message"]))
            case "outputs":
                outcome.outputs = event["outputs"]
            case _:
                """Advisories and messages are not shown."""


def _short(token: str) -> str:
    return token.rsplit(":", maxsplit=1)[-1]


def _said(policy: str, message: str) -> str:
    """What a rule says, with the rule's id in front of it."""
    return f"{policy}: {_plain(message)}"


def _plain(message: str) -> str:
    return _COLOURS.sub("", message).strip()


def _reason(error: str) -> str:
    """The engine's own diagnostics out of what the automation API wraps around them."""
    lines = [line.strip() for line in _plain(error).splitlines() if "error:" in line]
    return "\n".join(dict.fromkeys(lines)) or error
