"""The good and bad programs of the handbook, run and evaluated."""

from __future__ import annotations

import asyncio
import contextvars
import re
import runpy
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi
import pytest
from cloudtrail_guard_policies.rules import RULES
from policy_handbook.page import PROGRAMS
from pulumi.runtime import mocks
from pulumi.runtime.proto import analyzer_pb2
from typing_extensions import override

from tests.policypack.support import analyzer, evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cloudtrail_guard_policies.engine.rule import Rule


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
        self.inputs: list[analyzer_pb2.AnalyzerResource] = []
        self.outputs: list[analyzer_pb2.AnalyzerResource] = []

    @override
    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)
        answer.object.update({"id": answer.id})
        for registrations, properties in (
            (self.inputs, request.object),
            (self.outputs, answer.object),
        ):
            registrations.append(
                analyzer_pb2.AnalyzerResource(
                    type=request.type,
                    name=request.name,
                    urn=answer.urn,
                    properties=properties,
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


def _registered(program: Path, *, preview: bool) -> _Recorder:
    """Run a program without an engine and return the resources that it registers."""
    answers = _Echo(preview=preview)
    monitor = _Recorder(answers)
    pulumi.runtime.set_mocks(answers, project="shop", stack="dev", preview=preview, monitor=monitor)

    def run() -> None:
        runpy.run_path(str(program))

    pulumi.runtime.test(run)()
    return monitor


def _found(rule: Rule, program: str, *, preview: bool) -> list[tuple[str, str]]:
    """Return level and message of what a rule says of one of its programs."""
    file = PROGRAMS / rule.id / f"{program}.py"
    stack = contextvars.copy_context().run(_registered, file, preview=preview)
    found = evaluated(analyzer(rule), stack.inputs, stack.outputs)
    return [(level, message) for _, level, message in found]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_program_meets_the_rule_in_silence(rule: Rule, preview: bool) -> None:
    assert _found(rule, "good", preview=preview) == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_program_breaks_the_rule(rule: Rule, preview: bool) -> None:
    found = _found(rule, "bad", preview=preview)

    assert {level for level, _ in found} == {rule.level.value}
    for _, message in found:
        # Any value may be a secret, so no ARN, account or name of a program is quoted.
        assert not re.search(r"arn:aws|\d{12}|example-", message)
