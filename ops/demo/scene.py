"""The demo, step by step."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

from demo import answers, attacks, weak
from demo.checkout import CHECKOUT
from demo.posture_report import write_posture
from demo.proof import verify_logs
from demo.working_copy import working_copy

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from rich.console import Console

    from demo.deployers import Deployer, Outcome

PACK = CHECKOUT / "policypack"


class DemoError(Exception):
    """A step did not end as expected."""


class Scene:
    """Plays the demo on a console."""

    def __init__(self, console: Console, deployer: Deployer, how: str, page: Path) -> None:
        """Prepare.

        Args:
            console: where to show it.
            deployer: how stacks are brought up.
            how: one line that says which way this is, and why.
            page: the file that the report is written to.
        """
        self._console = console
        self._deployer = deployer
        self._how = how
        self._page = page
        self._step = 0

    def play(self, organization: Mapping[str, str]) -> None:
        """Play the whole demo.

        Args:
            organization: the sandbox's variables, `SANDBOX_*`.

        Raises:
            DemoError: a step did not end as expected.
        """
        started = time.monotonic()
        self._introduce(organization)
        with tempfile.TemporaryDirectory() as directory:
            project = working_copy(Path(directory))
            security = self._up(project, "security", "key and log bucket, in the security account")
            management = self._up(project, "management", "trail and guardrails, over it")
            if self._deployer.can_update:
                self._again(project)
        self._read_back(security.outputs, management.outputs)
        self._verify(security.outputs, management.outputs)
        self._attack(security.outputs, management.outputs)
        self._refuse_weak_trail()
        self._report(security.outputs, management.outputs)
        self._console.print(
            f"\n[bold green]Done[/]{self._since(started, ' in {:.0f} s')}. "
            "The sandbox and everything in it is gone; your checkout is as it was."
        )

    def _introduce(self, organization: Mapping[str, str]) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_row("organization", organization["SANDBOX_ORGANIZATION_ID"])
        for account in ("management", "security", "workload"):
            table.add_row(
                f"{account} account", organization[f"SANDBOX_{account.upper()}_ACCOUNT_ID"]
            )
        self._console.print(Panel(table, title="An AWS organization on this machine", expand=False))
        self._console.print(escape(self._how))

    @contextmanager
    def _heading(self, title: str) -> Generator[None]:
        self._step += 1
        self._console.print(f"\n[bold cyan]{self._step}.[/] [bold]{escape(title)}[/]")
        started = time.monotonic()
        yield
        if took := self._since(started, "   [dim]{:.1f} s[/]"):
            self._console.print(took)

    def _since(self, started: float, text: str) -> str:
        """How long it took; nothing in a picture, which is looked at on other machines."""
        return "" if self._console.record else text.format(time.monotonic() - started)

    def _deploy(self, project: Path, stack: str) -> Outcome:
        with self._console.status(f"deploying {stack} ...") as status:
            return self._deployer.up(
                project, stack, PACK, lambda kind, name: status.update(f"{stack}: {kind} {name}")
            )

    def _up(self, project: Path, stack: str, what: str) -> Outcome:
        with self._heading(f"pulumi up --stack {stack} --policy-pack policypack: {what}"):
            outcome = self._deploy(project, stack)
            if outcome.failed:
                raise DemoError(f"{stack} failed: {outcome.failed}")
            self._console.print(f"   {_counted(outcome)}, no policy violation")
        return outcome

    def _again(self, project: Path) -> None:
        stacks = ("security", "management")
        with (
            self._heading("Both again: nothing to change"),
            self._console.status("deploying both ..."),
            ThreadPoolExecutor() as pool,
        ):
            again = pool.map(
                lambda stack: self._deployer.up(project, stack, PACK, lambda _kind, _name: None),
                stacks,
            )
            for stack, outcome in zip(stacks, again, strict=True):
                changed = set(outcome.operations) - {"same", "read", "refresh"}
                if outcome.failed or changed:
                    raise DemoError(f"{stack} is not stable: {outcome.failed or _counted(outcome)}")
                self._console.print(f"   {stack}: {_counted(outcome)}")

    def _read_back(self, security: Mapping[str, Any], management: Mapping[str, Any]) -> None:
        with self._heading("What AWS itself answers, read with boto3"):
            asked = answers.ask(security, management)
            for of in dict.fromkeys(answer.of for answer in asked):
                self._console.print(f"   [bold]{escape(of)}[/]")
                rows = [(a.what, escape(a.value)) for a in asked if a.of == of]
                self._console.print(_table(rows))

    def _verify(self, security: Mapping[str, Any], management: Mapping[str, Any]) -> None:
        with (
            self._heading("CloudTrail delivers; cloudtrail-guard integrity verifies every file"),
            self._console.status("verifying ..."),
        ):
            proof = verify_logs(security, management)
            if proof.code:
                raise DemoError(f"the logs are not intact: {proof.output}")
            self._console.print(
                f"   {proof.digests} signed digest files and {proof.log_files} log files are intact"
            )

    def _attack(self, security: Mapping[str, Any], management: Mapping[str, Any]) -> None:
        with self._heading("The most harmful calls, with plain boto3, as each kind of principal"):
            attempts = attacks.attack(security, management)
            for who in dict.fromkeys(attempt.who for attempt in attempts):
                self._console.print(f"   [bold]{escape(who)}[/]")
                rows = [
                    (
                        attempt.what,
                        f"[green]denied by a {attempt.denied_by}[/]"
                        if attempt.denied_by
                        else "[yellow]allowed[/]",
                    )
                    for attempt in attempts
                    if attempt.who == who
                ]
                self._console.print(_table(rows))
        wrong = [attempt for attempt in attempts if not attempt.as_expected]
        if wrong:
            raise DemoError(f"it did not end as expected: {wrong}")

    def _report(self, security: Mapping[str, Any], management: Mapping[str, Any]) -> None:
        with (
            self._heading("cloudtrail-guard posture holds what AWS has against what was meant"),
            self._console.status("reading ..."),
        ):
            code, said = write_posture(security, management, self._page)
            if code:
                raise DemoError(f"something is not as meant: {said}")
            self._console.print(f"   {escape(said)}")
            # A picture is looked at on other machines.
            page = self._page.name if self._console.record else str(self._page)
            self._console.print(f"   [bold]{escape(page)}[/]", soft_wrap=True)

    def _refuse_weak_trail(self) -> None:
        with (
            self._heading("The policy pack checks another program, with a weak trail"),
            tempfile.TemporaryDirectory() as directory,
        ):
            self._console.print(Syntax(weak.PROGRAM, "python", padding=(0, 3), word_wrap=True))
            outcome = self._deploy(weak.weak_project(Path(directory), "dev"), "dev")
            for violation in outcome.violations:
                said = Padding(f"[red]rejected[/] {escape(violation)}", (0, 0, 0, 3))
                self._console.print(said)
            cloudtrail: Any = boto3.Session(profile_name="workload").client("cloudtrail")
            names = [trail["Name"] for trail in cloudtrail.describe_trails()["trailList"]]
            if not outcome.violations or weak.NAME in names:
                raise DemoError(f"the weak trail was not rejected: {outcome}; trails: {names}")
            self._console.print("   The trail was not created.")


def _counted(outcome: Outcome) -> str:
    return ", ".join(f"{count} {operation}" for operation, count in outcome.operations.items())


def _table(rows: list[tuple[str, str]]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(width=2)
    table.add_column(max_width=40)
    table.add_column(overflow="fold")
    for what, value in rows:
        table.add_row("", what, value)
    return table
