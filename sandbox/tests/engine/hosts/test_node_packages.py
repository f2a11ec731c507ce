"""What a Node program has installed, and how an SDK becomes one of its packages."""

import json
from pathlib import Path

from sandbox.engine.hosts.nodejs import packages


def put(directory: Path, name: str, version: str, **more: object) -> None:
    folder = directory / "node_modules" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": version, **more}))


def test_packages_are_found_with_those_of_packages_and_of_folders_above(tmp_path: Path) -> None:
    put(tmp_path, "semver", "7.0.0")
    program = tmp_path / "program"
    put(program, "@pulumi/pulumi", "3.276.0")
    put(program / "node_modules/@pulumi/pulumi", "semver", "6.0.0")
    put(program, ".bin", "0.0.0")

    found = {(package.name, package.version) for package in packages.installed(program)}

    assert found == {("@pulumi/pulumi", "3.276.0"), ("semver", "6.0.0"), ("semver", "7.0.0")}


def test_a_package_may_need_a_plugin(tmp_path: Path) -> None:
    put(tmp_path, "@pulumi/aws", "7.0.0", pulumi={"resource": True, "name": "aws"})
    put(tmp_path, "@pulumi/policy", "1.0.0", pulumi={"resource": False})
    put(tmp_path, "semver", "7.0.0")

    found = {package.name: package.plugin for package in packages.installed(tmp_path)}

    assert found == {
        "@pulumi/aws": {"resource": True, "name": "aws"},
        "@pulumi/policy": None,
        "semver": None,
    }


def test_an_sdk_becomes_a_dependency_whose_script_may_run(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "own", "dependencies": {"semver": "^7"}}')
    sdk = tmp_path / "sdks" / "guard"
    sdk.mkdir(parents=True)
    (sdk / "package.json").write_text('{"name": "@pulumi/guard"}')

    assert packages.link(tmp_path, Path("sdks/guard")) == "@pulumi/guard"
    once = (tmp_path / "package.json").read_text()
    packages.link(tmp_path, sdk)

    assert (tmp_path / "package.json").read_text() == once
    assert json.loads(once) == {
        "name": "own",
        "dependencies": {"semver": "^7", "@pulumi/guard": "file:sdks/guard"},
        "allowScripts": {"file:sdks/guard": True},
    }
