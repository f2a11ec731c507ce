"""The command line: ``cloudtrail-guard-policies init`` and ``cloudtrail-guard-policies report``."""

from pathlib import Path
from typing import Annotated

import typer

from cloudtrail_guard_policies.report import cli as report
from cloudtrail_guard_policies.scaffold import ScaffoldError, scaffold
from cloudtrail_guard_policies.serve import PACK

app = typer.Typer(
    help="CloudTrail rules for Pulumi.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
report.add_to(app)


@app.command()
def init(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Where the pack goes.")] = Path("policypack"),
    *,
    force: Annotated[bool, typer.Option("--force", help="Renew a pack that is there.")] = False,
) -> None:
    """Write a policy pack into a project."""
    try:
        scaffold(directory, PACK.version, force=force)
    except (OSError, ScaffoldError) as error:
        typer.echo(f"{context.command_path}: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"The policy pack is in {directory}. To check a program:\n"
        f"  pulumi preview --policy-pack {directory}"
    )


def main() -> None:
    """Run a command; a user's mistake is one line on stderr, and exit code 2."""
    app(prog_name="cloudtrail-guard-policies")
