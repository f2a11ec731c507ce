"""The command `cloudtrail-guard adopt`: bring what exists under a stack."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from cloudtrail_guard.errors import InvalidValueError
from rich.table import Table
from terminal import make_console

from adoption.engine import preview
from adoption.existing import Existing
from adoption.hardening import hardening
from adoption.planned import AdoptionError, import_file, planned_resources
from stacks.lookups.found import NO_ANSWER, LookupFailedError
from stacks.lookups.session import AwsClients, provider_config

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Bring a trail, bucket, key and policies that exist under a stack. Nothing is changed by "
    "these commands: they read, and say what to run.",
)

_EXPECTED = (AdoptionError, InvalidValueError, LookupFailedError, *NO_ANSWER)

Stack = Annotated[str, typer.Option(help="The stack, with its config set.")]


@app.command()
def find(
    stack: Stack,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Id (p-...) of an organization policy to adopt; repeat for more."),
    ] = None,
    file: Annotated[Path, typer.Option(help="The import file to write.")] = Path("adopt.json"),
) -> None:
    """Write an import file of what the stack would make and AWS has."""
    with _clear_errors("adopt find"):
        _find(stack, policy or [], file)


@app.command()
def changes(stack: Stack) -> None:
    """List what an update changes on what was adopted.

    Rejects an update that would replace or delete anything.
    """
    with _clear_errors("adopt changes"):
        _changes(stack)


def _find(stack: str, policies: list[str], file: Path) -> None:
    with make_console(stderr=True).status(f"previewing {stack}"):
        result, template = preview(stack)
    planned = planned_resources(result)
    config = result.get("config", {})
    settings = provider_config(lambda key: config.get(f"aws:{key}"))
    aws = AwsClients(config.get("aws:region"), settings)
    existing = Existing(aws, planned, policies)
    ids = existing.ids()
    console = make_console()
    if not ids:
        console.print(f"AWS has nothing yet that {stack} would make: there is nothing to adopt.")
        return
    table = Table("resource", "type", "in AWS", box=None, pad_edge=False)
    for each in planned:
        kind = each.type.rsplit(":", maxsplit=1)[-1]
        table.add_row(each.name, kind, ids.get((each.type, each.name), "will be made"))
    console.print(table)
    for id_ in existing.policies.leftovers():
        console.print(
            f"Policy {id_} denies some of the same and stays as it is: detach it once the "
            "stack's own is attached."
        )
    file.write_text(json.dumps(import_file(template, ids), indent=2) + "\n")
    console.print(f"\nWrote {file}. Next:")
    for command in (
        f"pulumi import --stack {stack} --file {file} --generate-code=false --yes",
        f".venv/bin/cloudtrail-guard adopt changes --stack {stack}",
        f"pulumi up --stack {stack}",
    ):
        console.print(f"  {command}", soft_wrap=True)


def _changes(stack: str) -> None:
    with make_console(stderr=True).status(f"previewing {stack}"):
        result, _ = preview(stack)
    console = make_console()
    found = hardening(result)
    if not found:
        console.print("The update changes nothing that exists.")
        return
    for each in found:
        before, after = each.before or "(not set)", each.after or "(unset)"
        console.print(f"{each.resource}: {each.path}", soft_wrap=True, markup=False)
        console.print(f"    now   {before}", soft_wrap=True, markup=False)
        console.print(f"    then  {after}", soft_wrap=True, markup=False)


@contextmanager
def _clear_errors(command: str) -> Generator[None]:
    """End with a message and no traceback where the user can do something about it."""
    try:
        yield
    except _EXPECTED as error:
        make_console(stderr=True).print(f"{command}: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
