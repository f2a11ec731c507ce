"""The real engine: built from its Go module, and leaving the user's folders as they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine.build import go_binary
from sandbox.engine.found import NoPulumi
from sandbox.engine.gomod import MODULES, GoError, find_go, read_module
from sandbox.engine.search import find_pulumi
from sandbox.tests.limits import PATIENCE

pytestmark = pytest.mark.engine

PROJECT = "name: kept\nruntime: yaml\n"
STACK = "# kept as it is\nconfig:\n    aws:region:   us-east-1\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment with a cache of binaries of its own, where Go can build the engine."""
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    try:
        find_go(environ, read_module(MODULES / "engine").minimum)
    except GoError as error:
        pytest.skip(str(error))
    # Go's own cache stays the user's: only the last step is made again.
    found = subprocess.run(
        ["go", "env", "GOCACHE"], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return environ | {"GOCACHE": found.stdout.strip()}


def test_the_engine_that_go_builds_says_the_version_that_go_mod_pins(
    environ: dict[str, str],
) -> None:
    built = go_binary("engine", environ)

    said = subprocess.run(
        [built, "version"],
        env=environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert said.stdout.strip() == read_module(MODULES / "engine").version


@pytest.mark.parametrize(
    ("proxy", "word"), [("off", "GOPROXY=off"), ("http://127.0.0.1:1", "connection refused")]
)
def test_without_a_network_the_reason_is_one_line_and_nothing_is_left(
    environ: dict[str, str], tmp_path: Path, proxy: str, word: str
) -> None:
    offline = environ | {
        "GOPROXY": proxy,
        "GOMODCACHE": str(tmp_path / "modules"),
        "GOCACHE": str(tmp_path / "go"),
    }

    with pytest.raises(GoError) as caught:
        go_binary("engine", offline)

    assert "cannot be built: its modules cannot be fetched (" in str(caught.value)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    left = [path.name for path in (tmp_path / "cache" / "cloudtrail-guard" / "engine").iterdir()]
    assert left == ["lock"]


def test_stack_files_and_the_users_home_stay_as_they_are(tmp_path: Path) -> None:
    pulumi = find_pulumi()
    if isinstance(pulumi, NoPulumi):
        pytest.skip(str(pulumi))
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    (project / "Pulumi.yaml").write_text(PROJECT)
    (project / "Pulumi.dev.yaml").write_text(STACK)
    script = (
        "pulumi stack init dev && pulumi stack init other && pulumi stack select dev"
        " && pulumi config set app:size 2 --path --stack other && pulumi config --show-secrets"
        " && aws sts get-caller-identity --profile security"
    )

    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "exec", "--", "bash", "-c", script],
        cwd=project,
        env=os.environ | {"HOME": str(home), "PATH": f"{pulumi.path.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / "Pulumi.dev.yaml").read_text() == STACK
    assert "encryptionsalt" not in (project / "Pulumi.other.yaml").read_text()
    assert "app:size" in (project / "Pulumi.other.yaml").read_text()
    assert sorted(path.name for path in project.iterdir()) == [
        "Pulumi.dev.yaml",
        "Pulumi.other.yaml",
        "Pulumi.yaml",
    ]
    assert list(home.rglob("*")) == []
