"""The archives of a release: the component plugin and the policy pack.

The same files give the same bytes, so that anybody can build an archive again and compare.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import tomllib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PLATFORMS: Final = tuple(
    f"{system}-{cpu}" for system in ("darwin", "linux", "windows") for cpu in ("amd64", "arm64")
)
"""What the engine asks a release for; the plugin is Python and the same for all of them.

Source: standardAssetName in sdk/go/common/workspace/plugins.go of pulumi/pulumi."""

_LEFT_OUT: Final = frozenset({"__pycache__", "venv", "dist", "build", "node_modules", "programs"})
_ENVIRONMENT: Final = "virtualenv: ../.venv"


def plugin_archives(checkout: Path, version: str, directory: Path) -> list[Path]:
    """Write the component plugin's archive for every platform.

    ``pulumi plugin install resource cloudtrail-guard`` and ``pulumi package add`` fetch them from
    a release by these names.

    Args:
        checkout: The checkout.
        version: The release's version.
        directory: Where the archives go.

    Returns:
        The archives.
    """
    files = {**_folder(checkout / "components"), "LICENSE": _read(checkout / "LICENSE")}
    packed = _tar(files)
    name = f"pulumi-resource-cloudtrail-guard-v{version}"
    archives = [directory / f"{name}-{platform}.tar.gz" for platform in PLATFORMS]
    for archive in archives:
        archive.write_bytes(packed)
    return archives


def pack_archive(checkout: Path, version: str, directory: Path) -> Path:
    """Write the policy pack's archive.

    Unpacked, it is a directory for ``--policy-pack``; ``pulumi install`` in it makes its
    environment.

    Args:
        checkout: The checkout.
        version: The release's version.
        directory: Where the archive goes.

    Returns:
        The archive.
    """
    pack = checkout / "policypack"
    files = _folder(pack)
    project = files["PulumiPolicy.yaml"].decode()
    # In the checkout it lies above the pack; an unpacked archive has one of its own.
    files["PulumiPolicy.yaml"] = project.replace(_ENVIRONMENT, "virtualenv: venv").encode()
    needed = tomllib.loads(files.pop("pyproject.toml").decode())["project"]["dependencies"]
    files["requirements.txt"] = "".join(f"{line}\n" for line in needed).encode()
    files["LICENSE"] = _read(checkout / "LICENSE")
    folder = f"cloudtrail-guard-policypack-v{version}"
    archive = directory / f"{folder}.tar.gz"
    archive.write_bytes(_tar({f"{folder}/{name}": content for name, content in files.items()}))
    return archive


def _folder(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): _read(file) for file in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in _LEFT_OUT or entry.name.startswith(".") or entry.suffix == ".egg-info":
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _read(file: Path) -> bytes:
    return file.read_bytes()


def _tar(files: Mapping[str, bytes]) -> bytes:
    raw = io.BytesIO()
    # Neither the clock nor the builder's account may show in the bytes.
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(content))
    return raw.getvalue()
