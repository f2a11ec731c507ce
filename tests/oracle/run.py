"""All programs: deployed, evaluated by the pack, and checked by Prowler."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.organization import MEMBER_ROLE, role_arn
from sandbox.session import Sandbox
from tests.oracle.compare import comparisons
from tests.oracle.pairs import CHECKS
from tests.oracle.scanning import scan
from tests.oracle.site import Deployed, site
from tests.support.environment import take_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.oracle.compare import Comparison
    from tests.oracle.scanning import Finding
    from tests.oracle.shapes import Shape


@dataclass(frozen=True)
class Run:
    """What came of programs.

    Attributes:
        deployed: those that were deployed.
        refused: for each of the others, what AWS said.
        findings: what Prowler found in each account.
    """

    deployed: list[Deployed]
    refused: list[str]
    findings: Mapping[str, list[Finding]]

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """All comparisons of all programs."""
        return [
            found
            for each in self.deployed
            for found in comparisons(each, self.findings[each.account])
        ]


def run(programs: Iterable[Shape], directory: Path) -> Run:
    """Run programs.

    Args:
        programs: the programs.
        directory: an empty directory to work in.
    """
    with Sandbox(pulumi=NoPulumi("it is not needed")) as sandbox, pytest.MonkeyPatch.context() as m:
        take_environment(sandbox, m)
        with site(sandbox, directory) as here:
            made = [here.deploy(shape, number) for number, shape in enumerate(programs)]
        deployed = [each for each in made if isinstance(each, Deployed)]
        keys = {each.account: _key(sandbox, each.account) for each in deployed}
        findings = scan(keys, CHECKS, sandbox.environment)
    return Run(deployed, [each for each in made if isinstance(each, str)], findings)


def _key(sandbox: Sandbox, account: str) -> dict[str, str]:
    """The access key of an account's administrator."""
    sts = sandbox.session().client("sts")
    role = role_arn(account, MEMBER_ROLE)
    key = sts.assume_role(RoleArn=role, RoleSessionName="prowler")["Credentials"]
    return {name: key[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
