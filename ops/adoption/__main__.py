"""`python -m adoption`: find what was set up by hand, and say what the stack changes on it."""

import json
from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from adoption.engine import preview
from adoption.existing import Existing
from adoption.hardening import hardening
from adoption.planned import AdoptionError, import_file, planned_resources

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Bring a trail, bucket, key and policies that were made by hand under a stack. Nothing "
    "is changed by these commands: they read, and say what to run.",
)
console = Console()
errors = Console(stderr=True)

Stack = Annotated[str, typer.Option(help="The stack, with its config set.")]


@app.command()
def find(
    stack: Stack,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Id (p-...) of a service control policy to adopt; again for more."),
    ] = None,
    file: Annotated[Path, typer.Option(help="The import file to write.")] = Path("adopt.json"),
) -> None:
    """Write an import file of everything that the stack would make and AWS has already."""
    with errors.status(f"previewing {stack}"):
        result, template = preview(stack)
    planned = planned_resources(result)
    config = result.get("config", {})
    session = boto3.Session(
        profile_name=config.get("aws:profile"), region_name=config.get("aws:region")
    )
    existing = Existing(session, planned, policy or [])
    ids = existing.ids()
    if not ids:
        console.print(f"Nothing that {stack} would make is there yet: there is nothing to adopt.")
        return
    table = Table("resource", "type", "in AWS", box=None, pad_edge=False)
    for each in planned:
        kind = each.type.rsplit(":", maxsplit=1)[-1]
        table.add_row(each.name, kind, ids.get((each.type, each.name), "will be made"))
    console.print(table)
    for id_ in existing.leftovers():
        console.print(
            f"Policy {id_} forbids some of the same and stays as it is: detach it once the "
            "stack's own is attached."
        )
    file.write_text(json.dumps(import_file(template, ids), indent=2) + "\n")
    console.print(f"\nWrote {file}. Next:")
    for command in (
        f"pulumi import --stack {stack} --file {file} --generate-code=false --yes",
        f"python -m adoption changes --stack {stack}",
        f"pulumi up --stack {stack}",
    ):
        console.print(f"  {command}", soft_wrap=True)


@app.command()
def changes(stack: Stack) -> None:
    """List what an update hardens on what was adopted; refuse one that would replace anything."""
    with errors.status(f"previewing {stack}"):
        result, _ = preview(stack)
    found = hardening(result)
    if not found:
        console.print("The update changes nothing that exists.")
        return
    for each in found:
        before, after = each.before or "(not set)", each.after or "(unset)"
        console.print(f"{each.resource}: {each.path}", highlight=False, soft_wrap=True)
        console.print(f"    now   {before}", highlight=False, soft_wrap=True, markup=False)
        console.print(f"    then  {after}", highlight=False, soft_wrap=True, markup=False)


def main() -> None:
    """Run a command; a user's mistake ends it with a message and no traceback."""
    try:
        app()
    except (AdoptionError, BotoCoreError, ClientError) as error:
        errors.print(f"adoption: {error}", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
