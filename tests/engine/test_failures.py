"""A failure half-way leaves state that the next up completes: no double, no orphan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from demo.working_copy import working_copy

from sandbox.session import Sandbox
from tests.support.engine import Project, engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("failures")]


class Outage:
    """Stands in front of AWS and refuses the requests that match, while it lasts."""

    def __init__(self) -> None:
        self.matches: Callable[[WSGIEnvironment], bool] = lambda _: False

    def __call__(self, app: WSGIApplication) -> WSGIApplication:
        def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if not self.matches(environ):
                return app(environ, start)
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>AccessDenied</Code><Message>outage</Message></Error>"]

        return serve


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.fixture
def project(outage: Outage, tmp_path: Path) -> Iterator[Project]:
    with Sandbox(pulumi=engine(), middleware=[outage]) as sandbox:
        project = Project(working_copy(tmp_path), sandbox)
        project.init("security", "management")
        project.configure_core()
        yield project


def operation(name: str) -> Callable[[WSGIEnvironment], bool]:
    """Matches a call of a JSON service by its target, e.g. ``StartLogging``."""
    return lambda environ: str(environ.get("HTTP_X_AMZ_TARGET", "")).endswith(f".{name}")


def subresource(name: str) -> Callable[[WSGIEnvironment], bool]:
    """Matches a PUT of a bucket's configuration, e.g. ``lifecycle``."""
    return lambda environ: (
        environ["REQUEST_METHOD"] == "PUT" and str(environ["QUERY_STRING"]).startswith(name)
    )


def test_what_failed_half_way_is_completed_by_the_next_up(project: Project, outage: Outage) -> None:
    outage.matches = operation("EnableKeyRotation")
    assert "AccessDenied" in project.up("security").failed().output
    outage.matches = subresource("lifecycle")
    assert "AccessDenied" in project.up("security").failed().output
    outage.matches = lambda _: False
    project.up("security").succeeded()
    outage.matches = operation("PutEventSelectors")
    assert "AccessDenied" in project.up("management").failed().output
    outage.matches = lambda _: False
    project.up("management").succeeded()

    for stack in ("security", "management"):
        project.up(stack, "--expect-no-changes").succeeded()
    kms: Any = project.sandbox.session("security").client("kms")
    keys = [
        key
        for key in (
            kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"] for k in kms.list_keys()["Keys"]
        )
        if key["KeyManager"] == "CUSTOMER"
    ]
    # One for the logs, one for the alerts: none was made twice.
    assert [key["KeyState"] for key in keys] == ["Enabled", "Enabled"]
    for key in keys:
        assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    trails = cloudtrail.describe_trails()["trailList"]
    assert len(trails) == 1
    assert cloudtrail.get_event_selectors(TrailName=trails[0]["TrailARN"])["AdvancedEventSelectors"]
