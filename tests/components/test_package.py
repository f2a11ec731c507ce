"""The components as a package and as a plugin for every Pulumi language."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cloudtrail_guard.plugin import COMPONENTS, ComponentHost

from sandbox.toolchain import CHECKOUT


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(ComponentHost().schema or "")


def test_every_input_and_output_is_described_and_typed(schema: dict[str, Any]) -> None:
    described = [*schema["resources"].items(), *schema["types"].items()]
    assert {token.rsplit(":", maxsplit=1)[-1] for token in schema["resources"]} == {
        component.__name__ for component in COMPONENTS
    }

    for token, type_ in described:
        for part in ("inputProperties", "properties"):
            for name, value in type_.get(part, {}).items():
                assert value.get("description"), f"{token}.{name} has no description"
                assert "$ref" in value or value["type"] != "object", f"{token}.{name} is untyped"


def test_tokens_are_stable(schema: dict[str, Any]) -> None:
    assert sorted(
        token.removeprefix("cloudtrail-guard:index:") for token in schema["resources"]
    ) == [
        "AccessLogBucket",
        "AlertTopic",
        "Guardrails",
        "IamProtection",
        "LogBucket",
        "LogEncryptionKey",
        "MemberTrails",
        "TamperAlerts",
        "TamperResponse",
        "Trail",
        "TrailAlarms",
    ]


def test_the_package_builds_typed_and_whole(tmp_path: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(tmp_path)),
            str(CHECKOUT / "components"),
        ],
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("cloudtrail_guard-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = CHECKOUT / "components" / "cloudtrail_guard"
    modules = {str(p.relative_to(package.parent)) for p in package.rglob("*.py")}
    assert modules | {"cloudtrail_guard/py.typed"} <= names
