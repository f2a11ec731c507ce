"""Both stacks in this process, with everything that the settings can switch on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from posture.collect.access import Access, Clients
from posture.collect.run import Collector
from posture.evaluate.run import evaluate

from sandbox.deliver import deliver
from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from tests.drift.waves import Site, deployed
from tests.support.settings import configure_management

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.report import Report

    from tests.drift.act import Stage


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
    directory = tmp_path_factory.mktemp("program")
    with (
        Sandbox(pulumi=NoPulumi("it is not needed")) as sandbox,
        deployed(sandbox, directory, configure_management) as (stage, stacks),
    ):
        sandbox.session("management").client("organizations").enable_aws_service_access(
            ServicePrincipal="account.amazonaws.com"
        )
        clock = datetime.fromisoformat(deliver(3, sandbox.endpoint)["clock"]).astimezone(UTC)
        until = clock - timedelta(hours=2)

        def report() -> Report:
            return evaluate(reporter(stage, until).collect(), stage.trail, stage.outputs)

        yield Site(stage, stacks, report)
