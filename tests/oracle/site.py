"""Where programs are: each in an account of its own, evaluated by the pack and deployed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from sandbox.inprocess.deployment import Progress, Stack, run
from sandbox.inprocess.monitor import DeploymentError
from sandbox.organization import MEMBER_ROLE, role_arn
from sandbox.policy_pack.process import PolicyPackProcess
from tests.oracle.pairs.pair import FAIL, UNDECIDED
from tests.oracle.shapes import resources
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from sandbox.inprocess.monitor import Pass
    from sandbox.session import Sandbox
    from tests.oracle.shapes import Shape

REGION: Final = "us-east-1"

_PACK: Final = CHECKOUT / "policypack"
_PROGRAM: Final = CHECKOUT / "tests" / "oracle" / "program"


@dataclass(frozen=True)
class Deployed:
    """A program that was deployed.

    Attributes:
        shape: the program.
        account: the account that has it and nothing else.
        previewed: for each rule that has something to say, its verdict in the preview.
        evaluated: the same, of what was made.
        outputs: the ARNs of ``bucket`` and ``key``.
    """

    shape: Shape
    account: str
    previewed: Mapping[str, str]
    evaluated: Mapping[str, str]
    outputs: Mapping[str, Any]


class Site:
    """A sandbox with one program for each account."""

    def __init__(self, sandbox: Sandbox, directory: Path, pack: PolicyPackProcess) -> None:
        self._sandbox, self._project, self._pack = sandbox, directory, pack
        for file in _PROGRAM.iterdir():
            if file.is_file():
                (directory / file.name).write_bytes(file.read_bytes())

    def deploy(self, shape: Shape, number: int) -> Deployed | str:
        """Preview a program and deploy it; the message where AWS refuses it."""
        account = self._account(number)
        foreign = self._sandbox.organization.workload_account_id
        stack = f"p{number}"
        config = {
            "aws:profile": "management",
            "aws:region": REGION,
            "aws:assumeRoles": json.dumps([{"roleArn": role_arn(account, MEMBER_ROLE)}]),
            "oracle:resources": json.dumps(resources(shape, number, account, foreign)),
        }
        (self._project / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config}))
        program = Stack(self._project, stack)
        try:
            previewed, _ = run(program, self._pack, Progress(), preview=True)
            made, outputs = run(program, self._pack, Progress(), preview=False)
        except DeploymentError as error:
            return str(error)
        return Deployed(shape, account, verdicts(previewed), verdicts(made), outputs)

    def _account(self, number: int) -> str:
        made = (
            self._sandbox.session()
            .client("organizations")
            .create_account(AccountName=f"program-{number}", Email=f"program-{number}@example.com")
        )
        return made["CreateAccountStatus"]["AccountId"]


@contextmanager
def site(sandbox: Sandbox, directory: Path) -> Generator[Site]:
    """A site, with the pack in which no rule stops a deployment."""
    with PolicyPackProcess(_PACK) as pack:
        pack.configure({"all": "advisory"})
        yield Site(sandbox, directory, pack)


def verdicts(once: Pass) -> dict[str, str]:
    """What each rule that found something says of a run: ``fail``, else ``undecided``."""
    found: dict[str, str] = {}
    for each in once.diagnostics:
        unsure = "so the rule cannot decide" in each.message
        found[each.policy] = found.get(each.policy, UNDECIDED) if unsure else FAIL
    return found
