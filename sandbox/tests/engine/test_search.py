"""Finding the Pulumi CLI: each place in its order, with fakes in all of them."""

import io
import multiprocessing
import os
import sys
import tarfile
import time
from pathlib import Path

import pytest

from sandbox.engine import download, install
from sandbox.engine.build import binary_place, cache_folder
from sandbox.engine.found import MINIMUM, NoPulumi, PulumiCli, PulumiRequiredError
from sandbox.engine.search import find_pulumi, tools_folder
from sandbox.tests.engine.fakes import GOOD, SUCCEEDS, FakeGo, cli, make_go, put
from sandbox.tests.limits import runs, wait_for

BUILT = "built from Pulumi's Go module"
HOSTS = [f"pulumi-language-{language}" for language in ("nodejs", "python", "yaml")]


def pack(path: Path, version: str, name: str = "pulumi/pulumi") -> Path:
    """Make an archive in the layout of the official ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for member in (name, "pulumi/pulumi-language-python"):
            entry = tarfile.TarInfo(member)
            content = cli(version)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose download failed a moment ago, so that none is tried; Go is not there."""
    project = tmp_path / "project"
    (project / ".tools").mkdir(parents=True)
    (project / ".tools" / "pulumi.download-failed").write_text("exit code 4")
    return project


@pytest.fixture
def go(project: Path) -> FakeGo:
    """A Go that builds an engine."""
    return make_go(project.parent / "fake-go", project / "path")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of a good CLI."""
    return pack(tmp_path / "archive.tar.gz", GOOD)


def environment(project: Path, **more: str) -> dict[str, str]:
    return {"PATH": str(project / "path"), "HOME": str(project.parent / "home"), **more}


def search(
    project: Path, *, build: bool = False, retry: bool = False, **environ: str
) -> PulumiCli | NoPulumi:
    return find_pulumi(environment(project, **environ), project, build=build, retry=retry)


def installed(project: Path) -> Path:
    return project / ".tools" / "pulumi" / "bin" / "pulumi"


def failed_download(project: Path) -> Path:
    return project / ".tools" / "pulumi.download-failed"


def left(project: Path) -> list[str]:
    return sorted(path.name for path in (project / ".tools").iterdir())


def test_the_one_on_path_comes_first(project: Path, archive: Path) -> None:
    on_path = put(project / "path" / "pulumi", GOOD)
    put(installed(project), "v3.301.0")

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert found == PulumiCli(on_path, (3, 300, 0), "on PATH")


def test_then_the_one_that_was_installed_before(project: Path, archive: Path) -> None:
    put(installed(project), "v3.301.0")

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert found == PulumiCli(installed(project), (3, 301, 0), "installed before")


def test_then_the_archive_that_is_named(project: Path, archive: Path) -> None:
    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert found == PulumiCli(installed(project), (3, 300, 0), f"unpacked from {archive}")
    assert (installed(project).parent / "pulumi-language-python").read_bytes() == cli(GOOD)
    assert left(project) == ["pulumi", "pulumi.download-failed", "pulumi.lock"]
    assert search(project) == PulumiCli(installed(project), (3, 300, 0), "installed before")


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A download that installs a CLI into the folder that it is given."""
    monkeypatch.setattr(
        download,
        "INSTALLER",
        "import sys, pathlib; path = pathlib.Path(sys.argv[1], 'bin', 'pulumi');"
        "path.parent.mkdir(parents=True);"
        f"path.write_bytes({cli(GOOD)!r}); path.chmod(0o755)",
    )
    return monkeypatch


@pytest.mark.usefixtures("installer")
def test_then_the_official_download(project: Path, go: FakeGo) -> None:
    failed_download(project).unlink()

    found = search(project, build=True)

    assert found == PulumiCli(installed(project), (3, 300, 0), "downloaded")
    assert go.calls == []


def test_then_the_engine_from_its_go_module(project: Path, go: FakeGo) -> None:
    found = search(project, build=True)

    assert found == PulumiCli(installed(project), (3, 300, 0), BUILT)
    assert len(go.calls) == 1
    assert sorted(path.name for path in installed(project).parent.iterdir()) == ["pulumi", *HOSTS]
    assert left(project) == ["pulumi", "pulumi.download-failed", "pulumi.lock"]
    assert search(project) == found


def test_without_any_the_reason_is_one_line_of_what_was_tried(project: Path) -> None:
    found = search(project)

    assert found == NoPulumi(
        f"none on PATH; none in {project}/.tools/pulumi; "
        "the download failed less than 60 minutes ago (exit code 4); "
        "no Go on PATH, 1.26.6 or newer is needed to build it"
    )
    assert str(found).startswith("no Pulumi CLI: none on PATH; ")


def test_no_archive_is_looked_for_beside_the_project(project: Path) -> None:
    beside = project.parent / "shared" / "toolchain"
    pack(beside / f"pulumi-{GOOD}-linux-x64.tar.gz", GOOD)

    assert isinstance(search(project), NoPulumi)


@pytest.mark.parametrize("version", ["v3.229.9", "v2.0.0", "dev"])
def test_what_is_too_old_is_passed_over_and_named(
    project: Path, archive: Path, version: str
) -> None:
    old = put(project / "path" / "pulumi", version)

    found = search(project)

    assert isinstance(found, NoPulumi)
    assert f"{old} has version {version!r}, {'.'.join(map(str, MINIMUM))} is needed" in found.reason
    assert isinstance(search(project, PULUMI_ARCHIVE=str(archive)), PulumiCli)


def test_an_old_installation_is_replaced(project: Path, archive: Path) -> None:
    put(installed(project), "v3.100.0")

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert isinstance(found, PulumiCli)
    assert found.version == (3, 300, 0)


def test_what_does_not_run_is_passed_over(project: Path) -> None:
    broken = put(installed(project), GOOD)
    broken.write_text("#!/bin/sh\nexit 3\n")

    found = search(project)

    assert isinstance(found, NoPulumi)
    assert f"{broken} does not run" in found.reason


def test_a_named_archive_that_is_missing_is_named(project: Path) -> None:
    found = search(project, PULUMI_ARCHIVE="/none.tar.gz")

    assert isinstance(found, NoPulumi)
    assert "PULUMI_ARCHIVE names no file: /none.tar.gz" in found.reason


@pytest.mark.parametrize("content", [b"not an archive", b""])
def test_a_broken_archive_is_named(project: Path, archive: Path, content: bytes) -> None:
    archive.write_bytes(content)

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert isinstance(found, NoPulumi)
    assert f"archive {archive} cannot be unpacked" in found.reason
    assert not installed(project).exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil-pulumi", "pulumi/../../evil"])  # noqa: S108 (a path that must not be written)
def test_an_archive_writes_nothing_outside_its_place(
    project: Path, archive: Path, name: str, tmp_path: Path
) -> None:
    pack(archive, GOOD, name)

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert isinstance(found, NoPulumi)
    assert not list(tmp_path.rglob("evil*"))
    assert not Path("/tmp/evil-pulumi").exists()  # noqa: S108 (as above)


def test_an_archive_without_the_cli_is_named(project: Path, archive: Path) -> None:
    pack(archive, GOOD, "pulumi/other")

    found = search(project, PULUMI_ARCHIVE=str(archive))

    assert isinstance(found, NoPulumi)
    assert f"none in {project}/.tools/pulumi" in found.reason


def test_a_missing_cli_can_be_made_an_error(project: Path) -> None:
    with pytest.raises(PulumiRequiredError, match=r"none on PATH;.*\(REQUIRE_PULUMI=1"):
        search(project, REQUIRE_PULUMI="1")
    put(installed(project), GOOD)
    assert isinstance(search(project, REQUIRE_PULUMI="1"), PulumiCli)


def test_a_project_that_cannot_be_written_is_named(project: Path) -> None:
    failed_download(project).unlink()
    (project / ".tools").rmdir()
    (project / ".tools").write_text("a file where the folder should be")

    found = search(project)

    assert isinstance(found, NoPulumi)
    assert "cannot be written" in found.reason


@pytest.mark.usefixtures("installer")
def test_a_download_that_failed_is_tried_again_after_an_hour_or_when_asked_for(
    project: Path,
) -> None:
    assert isinstance(search(project), NoPulumi)

    assert isinstance(search(project, retry=True), PulumiCli)
    assert not failed_download(project).exists()

    installed(project).unlink()
    failed_download(project).touch()
    long_ago = time.time() - install.PAUSE - 1
    os.utime(failed_download(project), (long_ago, long_ago))
    assert isinstance(search(project), PulumiCli)


def test_a_download_that_fails_is_said_and_remembered(
    project: Path, installer: pytest.MonkeyPatch
) -> None:
    failed_download(project).unlink()
    installer.setattr(download, "INSTALLER", "raise SystemExit(4)")

    first, second = search(project), search(project)

    assert isinstance(first, NoPulumi)
    assert isinstance(second, NoPulumi)
    assert "; the download failed: exit code 4; " in first.reason
    assert "; the download failed less than 60 minutes ago (exit code 4); " in second.reason


def test_a_download_that_hangs_is_stopped(
    project: Path, installer: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failed_download(project).unlink()
    child = tmp_path / "child"
    installer.setattr(download, "SECONDS", 1.5)
    installer.setattr(
        download,
        "INSTALLER",
        "import pathlib, subprocess, sys;"
        "process = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"pathlib.Path({str(child)!r}).write_text(str(process.pid)); process.wait()",
    )

    found = search(project)

    assert isinstance(found, NoPulumi)
    assert "took more than 1.5 s" in found.reason
    # A machine that is busy may not have started the child in this time.
    if child.exists():
        wait_for(lambda: not runs(int(child.read_text())))


@pytest.mark.usefixtures("installer")
def test_what_takes_longer_than_a_moment_is_said_once(project: Path) -> None:
    failed_download(project).unlink()
    said: list[str] = []

    for _ in range(2):
        find_pulumi(environment(project), project, said.append)

    assert said == ["downloading the Pulumi CLI, once, for at most 60 s"]


def test_an_archive_is_named_before_it_is_unpacked(project: Path, archive: Path) -> None:
    said: list[str] = []

    find_pulumi(environment(project, PULUMI_ARCHIVE=str(archive)), project, said.append)

    assert said == [f"unpacking the Pulumi CLI from {archive}, once"]


def test_nothing_is_built_for_a_search_that_did_not_ask_for_it(project: Path, go: FakeGo) -> None:
    found = search(project)

    assert isinstance(found, NoPulumi)
    assert found.reason.endswith(
        "not built from its Go module yet: `python -m sandbox engine` builds it"
    )
    assert go.calls == []


def test_what_was_built_for_another_project_is_taken_by_every_search(
    project: Path, go: FakeGo, tmp_path: Path
) -> None:
    search(project, build=True)
    other = tmp_path / "other"
    (other / ".tools").mkdir(parents=True)
    failed_download(other).touch()

    found = find_pulumi(environment(project), other)

    assert found == PulumiCli(installed(other), (3, 300, 0), BUILT)
    assert len(go.calls) == 1
    assert installed(other).samefile(installed(project))


def test_who_demands_a_cli_gets_one_built(project: Path, go: FakeGo) -> None:
    assert isinstance(search(project, REQUIRE_PULUMI="1"), PulumiCli)
    assert len(go.calls) == 1


def test_a_build_that_fails_is_remembered_until_it_is_asked_for(project: Path, go: FakeGo) -> None:
    go.fails("write x: no space left on device")
    first, second = search(project, build=True), search(project, build=True)

    assert isinstance(first, NoPulumi)
    assert isinstance(second, NoPulumi)
    reason = "cannot be built: there is no space left (write x: no space left on device)"
    assert first.reason.endswith(reason)
    assert "the build failed less than 60 minutes ago (pulumi v" in second.reason
    assert second.reason.endswith(f"{reason})")
    assert len(go.calls) == 1

    go.builds(SUCCEEDS)
    assert isinstance(search(project, build=True, retry=True), PulumiCli)
    assert left(project) == ["pulumi", "pulumi.download-failed", "pulumi.lock"]


def test_a_go_that_is_too_old_is_not_remembered(project: Path, go: FakeGo) -> None:
    go.is_release("go1.22.0")
    found = search(project, build=True)

    assert isinstance(found, NoPulumi)
    assert "is 'go1.22.0', Go 1.26.6 or newer is needed to build it" in found.reason

    go.is_release("go1.99.1")
    assert isinstance(search(project, build=True), PulumiCli)


def test_a_newer_pin_replaces_the_build_of_an_older_one(project: Path, go: FakeGo) -> None:
    search(project, build=True)
    go.is_release("go1.99.2")
    go.builds(SUCCEEDS.replace(GOOD, "v3.301.0"))

    unasked, asked = search(project), search(project, build=True)

    assert unasked == PulumiCli(installed(project), (3, 300, 0), BUILT)
    assert asked == PulumiCli(installed(project), (3, 301, 0), BUILT)


def test_the_build_of_an_older_pin_serves_while_the_newer_one_cannot_be_built(
    project: Path, go: FakeGo
) -> None:
    search(project, build=True)
    go.is_release("go1.99.2")
    go.fails("go: module lookup disabled by GOPROXY=off")

    for _ in range(2):
        found = search(project, build=True)
        assert found == PulumiCli(installed(project), (3, 300, 0), BUILT)


def test_an_installed_build_needs_neither_go_nor_the_cache(project: Path, go: FakeGo) -> None:
    found = search(project, build=True)
    binary_place("engine", environment(project)).unlink()

    assert search(project, build=True) == found
    (go.bin / "go").unlink()
    assert search(project, build=True) == found
    assert len(go.calls) == 1


def test_a_file_system_without_links_gets_a_copy(
    project: Path, go: FakeGo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)

    assert search(project, build=True) == PulumiCli(installed(project), (3, 300, 0), BUILT)
    assert os.access(installed(project), os.X_OK)
    assert len(go.calls) == 1


def test_the_language_hosts_run_with_the_interpreter_that_searched(
    project: Path, go: FakeGo
) -> None:
    search(project, build=True)
    folder = installed(project).parent

    assert (folder / "pulumi-language-python").read_text() == (
        f'#!/bin/sh\nexec {sys.executable} -P -m sandbox.engine.hosts.python "$@"\n'
    )
    (folder / "pulumi-language-python").write_text("#!/gone/python\n")
    (folder / "pulumi-language-yaml").unlink()
    search(project)

    assert all(sys.executable in (folder / host).read_text() for host in HOSTS)
    assert all(os.access(folder / host, os.X_OK) for host in HOSTS)
    assert sorted(path.name for path in folder.iterdir()) == ["pulumi", *HOSTS]
    assert len(go.calls) == 1


def test_an_official_installation_keeps_its_language_hosts(project: Path, archive: Path) -> None:
    search(project, PULUMI_ARCHIVE=str(archive))
    search(project)

    assert not (installed(project).parent / "pulumi-language-yaml").exists()
    assert sys.executable not in (installed(project).parent / "pulumi-language-python").read_text()


def test_an_interpreter_with_spaces_in_its_path_runs_the_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/my tools/python")

    install.write_hosts(tmp_path)

    assert "exec '/my tools/python' -P" in (tmp_path / "pulumi-language-yaml").read_text()


@pytest.mark.parametrize("here", ["repository", "repository/stacks/one"])
def test_a_command_in_a_repository_has_its_cli_there(tmp_path: Path, here: str) -> None:
    (tmp_path / here).mkdir(parents=True)
    (tmp_path / "repository" / ".git").touch()

    assert tools_folder(tmp_path / here, {}) == tmp_path / "repository" / ".tools"


def test_a_command_outside_of_repositories_has_its_cli_in_the_users_cache(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}

    assert tools_folder(tmp_path, environ) == tmp_path / "cache" / "cloudtrail-guard" / "tools"


def test_the_cache_holds_nothing_but_the_build(project: Path, go: FakeGo) -> None:
    search(project, build=True)

    place = binary_place("engine", environment(project))
    entries = sorted(
        str(path.relative_to(place.parents[1]))
        for path in (cache_folder(environment(project)) / "engine").rglob("*")
    )
    assert entries == ["lock", place.parent.name, f"{place.parent.name}/pulumi"]
    assert len(go.calls) == 1


def _search_in_a_process(arguments: tuple[Path, str]) -> tuple[int, int, int]:
    project, archive = arguments
    found = search(project, PULUMI_ARCHIVE=archive, build=True)
    assert isinstance(found, PulumiCli)
    return found.version


@pytest.mark.parametrize("source", ["archive", "build"])
def test_several_processes_may_search_at_once(
    project: Path, go: FakeGo, archive: Path, source: str
) -> None:
    named = str(archive) if source == "archive" else ""

    with multiprocessing.get_context("spawn").Pool(3) as pool:
        versions = pool.map(_search_in_a_process, [(project, named)] * 6)

    assert versions == [(3, 300, 0)] * 6
    assert left(project) == ["pulumi", "pulumi.download-failed", "pulumi.lock"]
    assert len(go.calls) == (source == "build")
