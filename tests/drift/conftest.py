"""Both stacks in this process, with everything that the settings can switch on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from demo.working_copy import working_copy
from posture.collect.access import Access, Clients
from posture.collect.run import Collector
from posture.evaluate.run import evaluate

from sandbox.deliver import deliver
from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from tests.drift.act import Stage
from tests.drift.waves import Site
from tests.support.deployed import Deployed
from tests.support.settings import configure_management

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.report import Report


def reporter(stage: Stage, until: datetime) -> Collector:
    """What collects for the posture report; few hours, as no act here is on what was delivered."""
    clients = [Clients(stage.sandbox.session(name)) for name in ("management", "security")]
    return Collector(
        access=Access(trail=clients[0], logs=clients[1]),
        trail_arn=stage.trail,
        until=until,
        hours=1,
        named_roles=tuple(stage.outputs["breakGlassRoleArns"]),
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Sandbox(pulumi=NoPulumi("it is not needed")) as sandbox, pytest.MonkeyPatch.context() as m:
        for name in os.environ.keys() - sandbox.environment.keys():
            m.delenv(name)
        for name, value in sandbox.environment.items():
            m.setenv(name, value)
        project = working_copy(tmp_path_factory.mktemp("program"))
        configure_management(sandbox, project)
        stacks: dict[str, Deployed] = {}
        linked = {}
        for name in ("security", "management"):
            stacks[name] = Deployed(project, name, linked)
            stacks[name].up()
            linked[f"organization/cloudtrail-guard/{name}"] = stacks[name].outputs
        sandbox.session("management").client("organizations").enable_aws_service_access(
            ServicePrincipal="account.amazonaws.com"
        )
        clock = datetime.fromisoformat(deliver(3, sandbox.endpoint)["clock"]).astimezone(UTC)
        until = clock - timedelta(hours=2)
        outputs = {key: value for each in stacks.values() for key, value in each.outputs.items()}
        stage = Stage(sandbox, outputs)

        def report() -> Report:
            return evaluate(reporter(stage, until).collect(), stage.trail, outputs)

        yield Site(stage, stacks, report)
