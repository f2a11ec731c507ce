"""The good and bad programs of the handbook, run and judged."""

from __future__ import annotations

import asyncio
import contextvars
import re
import runpy
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime.proto import analyzer_pb2
from rules import RULES
from typing_extensions import override

from tests.policypack.support import CONTEXT, analyzer, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framework.rule import Rule


class _Echo(mocks.Mocks):
    """Answers with the inputs and, once the resource is made, with ARN and name."""

    def __init__(self, *, preview: bool) -> None:
        self._preview = preview

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        name = f"{args.name}-1a2b3c4"
        made = {"arn": f"arn:aws:made:::{name}", "bucket": name, "name": name}
        return (f"{args.name}-id", args.inputs if self._preview else {**made, **args.inputs})

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise NotImplementedError(args.token)


class _Recorder(mocks.MockMonitor):
    """Keeps every registration as the engine would send it to a policy pack."""

    def __init__(self, answers: mocks.Mocks) -> None:
        super().__init__(answers)
        self.registrations: list[analyzer_pb2.AnalyzerResource] = []

    @override
    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)
        self.registrations.append(
            analyzer_pb2.AnalyzerResource(
                type=request.type,
                name=request.name,
                urn=answer.urn,
                properties=request.object,
                options=analyzer_pb2.AnalyzerResourceOptions(protect=request.protect),
                dependencies=request.dependencies,
                propertyDependencies={
                    name: analyzer_pb2.AnalyzerPropertyDependencies(urns=each.urns)
                    for name, each in request.propertyDependencies.items()
                },
            )
        )
        return answer


@pytest.fixture(autouse=True)
def _own_event_loop() -> Iterator[None]:
    """Give each program a loop of its own: Pulumi leaves work behind on the one it finds."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def _registered(program: Path, *, preview: bool) -> list[analyzer_pb2.AnalyzerResource]:
    """Run a program without an engine and return the resources that it registers."""
    answers = _Echo(preview=preview)
    monitor = _Recorder(answers)
    pulumi.runtime.set_mocks(answers, project="shop", stack="dev", preview=preview, monitor=monitor)

    def run() -> None:
        runpy.run_path(str(program))

    pulumi.runtime.test(run)()
    return monitor.registrations


def _found(rule: Rule, program: Path, *, preview: bool) -> list[tuple[str, str]]:
    """Return level and message of what a rule says of a program."""
    resources = contextvars.copy_context().run(_registered, program, preview=preview)
    service = analyzer(rule)
    answers = [
        service.Analyze(
            analyzer_pb2.AnalyzeRequest(
                type=each.type,
                name=each.name,
                urn=each.urn,
                properties=each.properties,
                options=each.options,
            ),
            CONTEXT,
        )
        for each in resources
    ]
    answers.append(
        service.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources), CONTEXT)
    )
    return [(level, message) for answer in answers for _, level, message in said(answer)]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_program_meets_the_rule_in_silence(
    rule: Rule, preview: bool, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(rule.good, encoding="utf-8")

    assert _found(rule, program, preview=preview) == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_program_breaks_the_rule(rule: Rule, preview: bool, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(rule.bad, encoding="utf-8")

    found = _found(rule, program, preview=preview)

    assert {level for level, _ in found} == {rule.level.value}
    for _, message in found:
        # Any value may be a secret, so no ARN, account or name of a program is quoted.
        assert not re.search(r"arn:aws|\d{12}|example-", message)
