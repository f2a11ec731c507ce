"""What a release is made of."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from demo.weak import weak_project
from release.archives import PLATFORMS, pack_archive, plugin_archives
from release.notes import notes
from release.versions import ReleaseError, check_tag, places, version_of

from tests.support.checkout import CHECKOUT
from tests.support.engine import Project

if TYPE_CHECKING:
    from sandbox.session import Sandbox

CHANGELOG = """\
# Changelog

## Unreleased

## [0.2.0] - 2026-02-01

### Added

- Two.

## 0.1.0 - 2026-01-01

- One.
"""


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as opened:
        read = {member.name: opened.extractfile(member) for member in opened.getmembers()}
        return {name: file.read() for name, file in read.items() if file is not None}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for place in places(CHECKOUT):
        (tmp_path / place.file).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / place.file, tmp_path / place.file)
    return tmp_path


def test_every_file_states_the_same_version() -> None:
    assert {place.version for place in places(CHECKOUT)} == {version_of(CHECKOUT)}


def test_versions_that_differ_are_refused_with_where_they_stand(checkout: Path) -> None:
    file = checkout / "policypack/PulumiPolicy.yaml"
    file.write_text(file.read_text().replace("version: ", "version: 9."))

    with pytest.raises(ReleaseError, match=r"policypack/PulumiPolicy.yaml has 9\."):
        version_of(checkout)


def test_a_file_without_a_version_is_refused(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text("[project]\n")

    with pytest.raises(ReleaseError, match=r"pyproject.toml states no version"):
        version_of(checkout)


def test_a_tag_of_another_version_is_refused() -> None:
    check_tag("v0.2.0", "0.2.0")
    with pytest.raises(ReleaseError, match=r"tag v0\.2\.1 does not fit version 0\.2\.0"):
        check_tag("v0.2.1", "0.2.0")


@pytest.mark.parametrize(
    ("version", "text"), [("0.2.0", "### Added\n\n- Two.\n"), ("0.1.0", "- One.\n")]
)
def test_the_notes_are_the_versions_section_of_the_changelog(version: str, text: str) -> None:
    assert notes(CHANGELOG, version) == text


@pytest.mark.parametrize("version", ["0.3.0", "0.2", "Unreleased"])
def test_a_version_that_the_changelog_does_not_tell_of_is_refused(version: str) -> None:
    with pytest.raises(ReleaseError, match=r"CHANGELOG\.md says nothing of"):
        notes(CHANGELOG, version)


def test_the_plugin_is_there_for_every_platform_by_the_name_that_the_engine_asks_for(
    tmp_path: Path,
) -> None:
    archives = plugin_archives(CHECKOUT, "0.2.0", tmp_path)

    assert len(archives) == len(PLATFORMS)
    assert tmp_path / "pulumi-resource-cloudtrail-guard-v0.2.0-linux-amd64.tar.gz" in archives
    for archive in archives:
        files = contents(archive)
        assert {"PulumiPlugin.yaml", "__main__.py", "pyproject.toml", "LICENSE"} <= set(files)
        assert "cloudtrail_guard/py.typed" in files
        assert not [name for name in files if "__pycache__" in name or name.startswith("venv")]


def test_every_module_of_the_components_is_in_the_plugin(tmp_path: Path) -> None:
    [archive, *_] = plugin_archives(CHECKOUT, "0.2.0", tmp_path)
    package = CHECKOUT / "components"

    assert set(contents(archive)) >= {
        file.relative_to(package).as_posix()
        for file in (package / "cloudtrail_guard").rglob("*.py")
    }


@pytest.mark.engine
@pytest.mark.xdist_group("release")
def test_the_unpacked_pack_judges(engine_sandbox: Sandbox, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    archive = pack_archive(CHECKOUT, "0.2.0", tmp_path)
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    pack = tmp_path / archive.name.removesuffix(".tar.gz")
    # What `pulumi install` makes there, in the time that it takes.
    (pack / "venv").symlink_to(CHECKOUT / ".venv")
    project = Project(weak_project(program, "dev"), engine_sandbox)
    project.init("dev")

    checked = project.preview("dev", "--policy-pack", str(pack)).failed()

    assert "cloudtrail-multi-region" in checked.output


def test_the_pack_has_an_environment_of_its_own_and_names_what_it_needs(tmp_path: Path) -> None:
    files = contents(pack_archive(CHECKOUT, "0.2.0", tmp_path))
    folder = "cloudtrail-guard-policypack-v0.2.0"
    project = yaml.safe_load(files[f"{folder}/PulumiPolicy.yaml"])

    assert {name.partition("/")[0] for name in files} == {folder}
    assert project["runtime"]["options"] == {"toolchain": "pip", "virtualenv": "venv"}
    assert b"pulumi-policy>=" in files[f"{folder}/requirements.txt"]
    assert f"{folder}/cloudtrail_guard_policies/profiles/strict.json" in files


def test_the_unpacked_pack_has_all_its_modules(tmp_path: Path) -> None:
    archive = pack_archive(CHECKOUT, "0.2.0", tmp_path)
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    imports = (
        "import cloudtrail_guard_policies.report.cli, cloudtrail_guard_policies.serve as pack;"
        " print(len(pack.PACK.rules), pack.__file__)"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", imports],
        cwd=tmp_path / "cloudtrail-guard-policypack-v0.2.0",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    count, file = done.stdout.split()
    assert int(count) > 40
    assert Path(file).is_relative_to(tmp_path)


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory in (first, second):
        directory.mkdir()
    packed = pack_archive(CHECKOUT, "0.2.0", first).read_bytes()

    assert packed == pack_archive(CHECKOUT, "0.2.0", second).read_bytes()
    assert gzip.decompress(packed)[:512].count(b"root") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("notes", "v99.0.0"), "tag v99.0.0 does not fit version"),
        (("archives", "/dev/null/dist"), "Not a directory"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[str, ...], message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("python -m release: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
