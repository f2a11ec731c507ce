"""The components as a package of Python: what is built, and what it needs."""

import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.support.package import COMPONENTS, built


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> zipfile.ZipFile:
    [file] = distributions.glob("*.whl")
    return zipfile.ZipFile(file)


def package_files() -> set[str]:
    """Every file of the package, by its path in a wheel."""
    package = COMPONENTS / "cloudtrail_guard"
    files = (file for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {str(file.relative_to(COMPONENTS)) for file in files}


def test_the_wheel_is_typed_and_whole(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert names == package_files()
    assert "cloudtrail_guard/py.typed" in names
    # The code of the function is read by the program that deploys it.
    assert "cloudtrail_guard/tamper_response_function/handler.py" in names


def test_the_source_distribution_builds_the_same(distributions: Path) -> None:
    [file] = distributions.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert package_files() | {"pyproject.toml", "README.md"} <= names


def test_it_needs_pulumi_and_its_aws_provider_alone(wheel: zipfile.ZipFile) -> None:
    [file] = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_bytes(wheel.read(file))
    project = tomllib.loads((COMPONENTS / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    needed = sorted(line.split("<")[0] for line in metadata.get_all("Requires-Dist") or ())
    assert [line.partition(">")[0] for line in needed] == ["pulumi", "pulumi-aws"]
    assert metadata["Version"] == project["version"]
    assert metadata["Requires-Python"] == ">=3.11"
