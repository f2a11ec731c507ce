"""What the stack has deployed before, from its own state.

A program cannot read its state through the engine (the function that would, ends the engine where
the stack was never deployed), so the CLI is asked for it. Secrets stay encrypted.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockEngine
from pulumi.runtime.settings import get_engine

from stacks.lookups.found import Deployed, DeployedResource, LookupFailedError

_SECONDS = 120


def has_state() -> bool:
    """Whether the stack has a state: Pulumi's test runtime, which needs no CLI, keeps none."""
    return not isinstance(get_engine(), MockEngine)


def read_state() -> Deployed | None:
    """The stack's resources; None if it was never deployed.

    Raises:
        LookupFailedError: there is no `pulumi` on PATH, or it cannot read the state.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise LookupFailedError("there is no pulumi on PATH to export it: add its folder to PATH")
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        done = subprocess.run(
            [program, "stack", "export", "--non-interactive", "--stack", stack],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LookupFailedError(f"pulumi stack export took more than {_SECONDS} s") from error
    if done.returncode:
        raise LookupFailedError(done.stderr.strip())
    return parse_state(json.loads(done.stdout))


def parse_state(state: Mapping[str, Any]) -> Deployed | None:
    """The managed AWS resources of an exported state; None if it has none.

    What is being created counts: an interrupted update may have made it.
    """
    deployment: Mapping[str, Any] = state.get("deployment") or {}
    resources = list(deployment.get("resources") or ())
    resources += [each["resource"] for each in deployment.get("pending_operations") or ()]
    found = tuple(
        DeployedResource(
            type=each["type"],
            name=each["urn"].rsplit("::", maxsplit=1)[-1],
            properties={**each.get("inputs", {}), **each.get("outputs", {})},
        )
        for each in resources
        if each["type"].startswith("aws:") and each.get("custom") and not each.get("external")
    )
    return Deployed(resources=found) if found else None
