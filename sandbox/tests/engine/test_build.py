"""Building a Go binary into the user's cache: with a Go that costs nothing, and every bad luck."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.engine import progress
from sandbox.engine.build import binary_place, cache_folder, go_binary
from sandbox.engine.gomod import GoError, host_platform, read_module
from sandbox.tests.engine.fakes import HANGS, SUCCEEDS, FakeGo, make_go
from sandbox.tests.limits import PATIENCE, runs, wait_for

GO_MOD = """\
module example.internal/tiny

go 1.20

tool example.com/tool/v3/cmd/hammer

require (
	example.com/other v0.1.0 // indirect
	example.com/tool/v3 v3.7.1 // indirect
	example.com/tool/v3/cmd/hammer/handle v9.9.9 // indirect
)
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder of modules with one in it: ``tiny``, whose tool is ``hammer``."""
    folder = tmp_path / "modules"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "go.mod").write_text(GO_MOD)
    return folder


@pytest.fixture
def go(tmp_path: Path) -> FakeGo:
    return make_go(tmp_path / "fake-go", tmp_path / "bin")


@pytest.fixture
def environ(tmp_path: Path, go: FakeGo) -> dict[str, str]:
    return {"PATH": str(go.bin), "HOME": str(tmp_path / "home")}


@pytest.fixture
def build(modules: Path, environ: dict[str, str]) -> Callable[..., Path]:
    def run(say: Callable[[str], None] = lambda _: None, **more: str) -> Path:
        return go_binary("tiny", environ | more, say, modules)

    return run


def cached(environ: dict[str, str]) -> list[str]:
    """What the cache holds of the module."""
    return sorted(path.name for path in (cache_folder(environ) / "tiny").glob("*"))


def test_a_binary_is_built_once_and_then_taken(
    build: Callable[..., Path], go: FakeGo, environ: dict[str, str]
) -> None:
    first, second = build(), build()

    assert first == second
    assert first.name == "hammer"
    assert first.parent.name.startswith(f"v3.7.1-{host_platform()}-")
    assert os.access(first, os.X_OK)
    assert len(go.calls) == 1
    assert cached(environ) == ["lock", first.parent.name]


def test_go_is_asked_for_what_go_sum_names_and_nothing_else(
    build: Callable[..., Path], go: FakeGo, modules: Path
) -> None:
    build(
        GOFLAGS="-mod=mod",
        GOOS="plan9",
        GOTOOLCHAIN="go9.9.9",
        GOWORK="/some/go.work",
        CGO_ENABLED="1",
        GOPROXY="https://proxy.example.com",
        HTTPS_PROXY="http://proxy.example.com:3128",
    )

    [call] = go.calls
    assert call["folder"] == str(modules / "tiny")
    assert call["argv"][:2] == ["build", "-v"]
    assert {"-trimpath", "-mod=readonly", "-buildvcs=false"} < set(call["argv"])
    assert call["argv"][-1] == "example.com/tool/v3/cmd/hammer"
    environment = call["environment"]
    assert (environment["GOTOOLCHAIN"], environment["GOFLAGS"]) == ("local", "-mod=readonly")
    assert (environment["GOWORK"], environment["CGO_ENABLED"]) == ("off", "0")
    assert "GOOS" not in environment
    assert environment["GOPROXY"] == "https://proxy.example.com"
    assert environment["HTTPS_PROXY"] == "http://proxy.example.com:3128"


def test_a_module_without_a_tool_is_built_under_its_own_name(
    modules: Path, environ: dict[str, str], go: FakeGo
) -> None:
    (modules / "own").mkdir()
    (modules / "own" / "go.mod").write_text(
        "module own\n\ngo 1.20\n\nrequire example.com/first v1.2.3\n"
    )

    built = go_binary("own", environ, modules=modules)

    assert built.name == "own"
    assert built.parent.name.startswith("v1.2.3-")
    assert go.calls[0]["argv"][-1] == "."


@pytest.mark.parametrize("change", ["go.mod", "go.sum", "main.go", "release"])
def test_what_goes_into_the_binary_goes_into_the_name_of_its_folder(
    modules: Path, environ: dict[str, str], go: FakeGo, change: str
) -> None:
    before = binary_place("tiny", environ, modules)

    if change == "release":
        go.is_release("go1.99.2")
    else:
        with (modules / "tiny" / change).open("a") as file:
            file.write("\n// changed\n")

    assert binary_place("tiny", environ, modules) != before


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"HOME": "/home/me"}, "/home/me/.cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/cache"}, "/cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "relative"}, "/home/me/.cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": ""}, "/home/me/.cache"),
    ],
)
def test_the_cache_is_where_the_xdg_specification_has_it(
    variables: dict[str, str], folder: str
) -> None:
    assert cache_folder(variables) == Path(folder, "cloudtrail-guard")


def test_our_own_engine_is_pinned_in_go_mod_alone() -> None:
    module = read_module(Path(progress.__file__).parent / "go" / "engine")

    assert module.binary == "pulumi"
    assert module.package == "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
    assert module.flags[-1].endswith(f"/go/common/version.Version={module.version}")


def test_without_go_the_reason_names_the_version_that_is_needed(
    build: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(GoError, match=r"^no Go on PATH, 1\.20\.0 or newer is needed to build it$"):
        build(PATH=str(tmp_path / "empty"))


@pytest.mark.parametrize("release", ["go1.19.13", "go1.9", "devel"])
def test_a_go_that_is_too_old_is_named(
    build: Callable[..., Path], go: FakeGo, release: str
) -> None:
    go.is_release(release)

    with pytest.raises(GoError, match=rf"go is '.*{release}.*', Go 1\.20\.0 or newer is needed"):
        build()
    go.is_release("go1.20")
    assert build().is_file()


def test_a_go_that_does_not_run_is_named(build: Callable[..., Path], go: FakeGo) -> None:
    (go.bin / "go").write_text("#!/bin/sh\nexit 3\n")

    with pytest.raises(GoError, match=r"go does not run"):
        build()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "write $WORK/b001/_pkg_.a: no space left on device",
            "there is no space left (write $WORK/b001/_pkg_.a: no space left on device)",
        ),
        (
            "go: example.com/one@v1.0.0: module lookup disabled by GOPROXY=off",
            "its modules cannot be fetched (go: example.com/one@v1.0.0: module lookup disabled",
        ),
        (
            'go: example.com/one@v1.0.0: Get "https://proxy/": dial tcp 192.0.2.1:443: i/o timeout',
            "its modules cannot be fetched (go: example.com/one@v1.0.0: Get",
        ),
        (
            'go: example.com/one@v1.0.0: Get "https://p/": proxyconnect tcp: 403 Forbidden',
            "its modules cannot be fetched (go: example.com/one@v1.0.0: Get",
        ),
        (
            "verifying example.com/one@v1.0.0: checksum mismatch",
            "what was fetched is not what go.sum names (verifying example.com/one@v1.0.0: checksum",
        ),
        (
            "build cache is required, but could not be located: GOCACHE is not defined",
            "build cache is required, but could not be located: GOCACHE is not defined",
        ),
        ("", "go build ended with exit code 1"),
    ],
)
def test_a_build_that_fails_says_why_leaves_nothing_and_works_the_next_time(
    build: Callable[..., Path], go: FakeGo, environ: dict[str, str], line: str, reason: str
) -> None:
    go.fails("# example.com/one", line)

    with pytest.raises(GoError) as caught:
        build()

    assert str(caught.value).startswith(f"hammer v3.7.1 cannot be built: {reason}")
    assert "\n" not in str(caught.value)
    assert cached(environ) == ["lock"]
    go.builds(SUCCEEDS)
    assert build().is_file()


def test_a_go_that_claims_to_have_built_what_is_not_there_has_failed(
    build: Callable[..., Path], go: FakeGo, environ: dict[str, str]
) -> None:
    go.builds("pass")

    with pytest.raises(GoError, match="cannot be built: go build ended with exit code 0"):
        build()
    assert cached(environ) == ["lock"]


def test_a_cache_that_cannot_be_written_is_named_with_the_way_out(
    build: Callable[..., Path], tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")

    with pytest.raises(GoError) as caught:
        build(XDG_CACHE_HOME=str(blocked))

    assert str(caught.value) == (
        f"the cache folder {blocked}/cloudtrail-guard/tiny cannot be written (Not a directory):"
        " let XDG_CACHE_HOME name a folder that can be"
    )
    assert build(XDG_CACHE_HOME=str(tmp_path / "other")).is_file()


def test_a_folder_that_lost_its_binary_is_built_again(
    build: Callable[..., Path], go: FakeGo
) -> None:
    build().unlink()

    assert build().is_file()
    assert len(go.calls) == 2


def test_how_a_build_gets_on_is_shown(
    build: Callable[..., Path], go: FakeGo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.05)
    go.builds(f"time.sleep(0.5); {SUCCEEDS}")
    lines: list[str] = []

    build(lines.append)

    title = "building hammer v3.7.1 with go1.99.1"
    assert lines[0] == f"{title}, once for all your projects: it takes minutes"
    assert len(lines) > 2
    assert any(
        line.startswith(f"{title}: 1 modules fetched, 2 packages compiled, ") for line in lines
    )
    assert lines[-1].startswith(f"{title}: done in ")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (247, "4 min 7 s")]
)
def test_a_duration_is_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert progress.duration(seconds) == words


def start(modules: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    """Start a build in a process of its own, which prints what it has built."""
    script = (
        "import os, pathlib, sys; from sandbox.engine.build import go_binary;"
        "say = lambda line: print(line, flush=True);"
        f"say(go_binary('tiny', os.environ, say, pathlib.Path({str(modules)!r})))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_killed_leaves_nothing_that_counts(
    build: Callable[..., Path],
    go: FakeGo,
    modules: Path,
    environ: dict[str, str],
    number: signal.Signals,
) -> None:
    # Go prints a line for each package: where no one reads it any more, that ends it.
    chatty = (
        "\nwhile True: print('example.com/more', file=sys.stderr, flush=True); time.sleep(0.05)"
    )
    go.builds(f"target.write_text('half made'){chatty}")
    with start(modules, environ) as process:
        wait_for(lambda: bool(go.calls))
        process.send_signal(number)
        process.wait(PATIENCE)

    assert not binary_place("tiny", environ, modules).exists()
    wait_for(lambda: not runs(go.calls[0]["id"]))
    go.builds(SUCCEEDS)
    built = build()
    assert built.is_file()
    assert cached(environ) == ["lock", built.parent.name]


def test_an_interrupted_build_ends_the_compilers_too(
    go: FakeGo, modules: Path, environ: dict[str, str]
) -> None:
    go.builds(
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "(folder / 'child').write_text(str(child.pid)); " + HANGS
    )
    child = go.folder / "child"
    with start(modules, environ) as process:
        wait_for(lambda: child.exists() and bool(child.read_text()))
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)

    wait_for(lambda: not runs(int(child.read_text())))


def test_two_builds_at_once_give_one(
    go: FakeGo, modules: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    go.builds(f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)\n{SUCCEEDS}")
    with start(modules, environ) as first:
        wait_for(lambda: bool(go.calls))
        with start(modules, environ) as second:
            assert second.stdout
            assert second.stdout.readline() == (
                "another process is building hammer v3.7.1 already: waiting for that one\n"
            )
            gate.touch()
            results = [process.communicate(timeout=PATIENCE)[0] for process in (first, second)]

    assert len({lines.splitlines()[-1] for lines in results}) == 1
    assert len(go.calls) == 1
