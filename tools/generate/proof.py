"""The page of what is proven, with the command that proves it again."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cloudtrail_guard.operations import OPERATIONS
from cloudtrail_guard.operations.harmless import HARMLESS
from cloudtrail_guard.plugin import COMPONENTS

from generate.deployer import ACCOUNTS, grants, recorded
from tests.corpus.coverage import corpus
from tests.corpus.scenarios import scenarios
from tests.drift.acts import ACTS
from tests.enforcement.documents import documents
from tests.enforcement.mutants import mutants
from tests.faults.site import CALLS
from tests.faults.trial import DISTURBANCES
from tests.oracle.pairs import DIFFERENCES
from tests.oracle.shapes import RANDOM, each_choice, each_difference

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs/proof.md"

_PYTEST = ".venv/bin/pytest -n 0"

_FAULTS = (
    "calls to AWS of an `up`, each throttled, denied, timed out, lost ..., or the last before a "
    "kill: what the how-to says then ends in what an undisturbed `up` made, with nothing more"
)
_ANYTHING = (
    "examples of any settings, inputs, pack configurations, existing policies and documents: one "
    "clear error and nothing registered, or a deployment that AWS's rules accept"
)


def files() -> dict[Path, str]:
    """The page, by its path."""
    return {PAGE: page()}


def page() -> str:
    """The page in Markdown."""
    lines = [f"| {what} | {figure} | `{command}` |" for what, figure, command in rows()]
    return "\n".join([_INTRODUCTION, *lines, _LIMITS])


def rows() -> Iterator[tuple[str, str, str]]:
    """What is proven, how often, and by which command."""
    yield (
        "mutating actions of AWS on what is protected, each denied or harmless for a reason",
        f"{len(OPERATIONS)} denied, {len(HARMLESS)} harmless",
        f"{_PYTEST} tests/components/operations tests/enforcement/test_operations.py",
    )
    parts = [sum(1 for _ in mutants(each)) for each in documents().values()]
    yield (
        "parts of documents, each taken out: a request is decided otherwise, or the test says why",
        f"{sum(parts):,} parts of {len(parts)} documents",
        f"{_PYTEST} tests/enforcement/test_mutants.py",
    )
    yield (
        "records of calls that rules, alarms and queries are held against",
        f"{len(corpus()):,} records, {len(scenarios())} stories",
        f"{_PYTEST} tests/components/operations/test_corpus.py tests/components/detection",
    )
    seen = [act for act in ACTS if act.shows]
    undone = [act for act in seen if not act.undo]
    yield (
        "acts of tampering, each done: what a preview shows, what an `up` undoes, or why not",
        f"{len(ACTS)}: {len(seen)} shown, {len(undone)} undone by `up`",
        f"{_PYTEST} -m slow tests/drift",
    )
    few, many = examples()
    yield (
        _ANYTHING,
        f"{few:,}",
        f"{_PYTEST} tests/properties",
    )
    yield ("the same, every night", f"{many:,}", "make test-slow")
    once = [*each_choice(), *each_difference()]
    yield (
        "programs that the policy pack and Prowler evaluate: both say the same, or a page says why",
        f"{len(once)} and {RANDOM} others a night, {len(DIFFERENCES)} differences explained",
        f"{_PYTEST} -m slow tests/oracle",
    )
    counterexamples = CHECKOUT / "tests/properties/test_counterexamples.py"
    yield (
        "inputs that once broke a component, each a test",
        str(_listed(counterexamples)),
        f"{_PYTEST} tests/properties/test_counterexamples.py",
    )
    yield (
        "actions that a deployer's role is granted, each recorded or documented",
        ", ".join(f"{stack} {len(grants(stack))}" for stack in ACCOUNTS),
        f"{_PYTEST} tests/tools/generate/test_deployer.py",
    )
    yield (
        "the five stacks previewed, made, changed and destroyed with those actions alone",
        f"{len(ACCOUNTS)} stacks",
        f"{_PYTEST} -m slow tests/engine/test_deployer_permissions.py",
    )
    used = (
        {action for what, actions in phases.items() if what != "repair" for action in actions}
        for phases in recorded().values()
    )
    yield (
        "actions taken away from a deployer, one at a time: the error or the warning names it",
        f"{sum(map(len, used))} actions",
        f"{_PYTEST} -m slow tests/faults/test_withheld.py",
    )
    yield (
        "acts of tampering that a deployer undoes with those actions alone",
        "each that an `up` undoes",
        f"{_PYTEST} -m slow tests/drift/test_repairs.py",
    )
    yield (
        _FAULTS,
        f"{len(CALLS)} stacks, {sum(CALLS.values()):,} calls, each in {len(DISTURBANCES)} ways",
        "make faults STACK=security",
    )
    yield (
        "tests with the real engine",
        str(sum(_tests(file) for file in (CHECKOUT / "tests/engine").glob("test_*.py"))),
        "REQUIRE_PULUMI=1 .venv/bin/pytest tests/engine",
    )


def examples() -> tuple[int, int]:
    """How many examples the properties try: in the fast tests, and at night."""
    folder = CHECKOUT / "tests/properties"
    of = {file.stem: _constants(file) for file in folder.glob("test_*.py")}
    components, settings = of["test_components"], of["test_settings"]
    existing, pack = of["test_existing_policies"], of["test_pack"]
    grammar = of["test_policy_grammar"]
    kinds = len(COMPONENTS)
    few = (
        kinds * components["FEW"]
        + 4 * (settings["PARSED"] + settings["STACKS"])
        + 2 * existing["FEW"]
        + pack["FEW"]
        + 2 * grammar["FEW"]
    )
    many = (
        kinds * components["MANY"]
        + 4 * settings["NIGHTLY_STACKS"]
        + 2 * existing["MANY"]
        + pack["MANY"]
        + 2 * grammar["MANY"]
    )
    return few, many


def _constants(file: Path) -> dict[str, int]:
    """The whole numbers that a module names at its top."""
    found: dict[str, int] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            names = [each for target in node.targets for each in _names(target)]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            found |= {
                name: value.value
                for name, value in zip(names, values, strict=False)
                if isinstance(value, ast.Constant) and isinstance(value.value, int)
            }
    return found


def _names(target: ast.expr) -> list[str]:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return [each.id for each in parts if isinstance(each, ast.Name)]


def _listed(file: Path) -> int:
    """How many cases the tables of a module have."""
    return sum(
        len(node.value.elts)
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.List)
    )


def _tests(file: Path) -> int:
    """How many test functions a module has; a table counts once."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return sum(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in tree.body)


_INTRODUCTION = """\
<!-- Written by `make generate`. -->

# Proof

What "protected" and "refused" rest on: figures, each with the command that makes it again. What is
counted here is counted in the tests themselves.

| what | how many | command |
|---|---|---|"""

_LIMITS = """
A failing example of a property prints how to run it again (`@reproduce_failure(...)`); it becomes a
row of `tests/properties/test_counterexamples.py`.

All of it runs against the sandbox, AWS's models and documentation: nothing here was measured in an
AWS account.
"""
