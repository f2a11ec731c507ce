"""A function's code, as the zip file that Lambda takes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.plugin.resource import ResourceError
from sandbox.plugin.values import Asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.values import Archive

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644 << 16


def zipped(archive: Archive) -> bytes:
    """The archive as a zip file, the same bytes for the same content.

    Raises:
        ResourceError: it is fetched from a URI, which the sandbox does not do.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(_files(archive)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _MODE
            target.writestr(entry, content)
    return buffer.getvalue()


def _files(archive: Archive) -> Iterator[tuple[str, bytes]]:
    if archive.assets is not None:
        for name, member in archive.assets:
            if isinstance(member, Asset):
                yield name, _content(member)
            else:
                yield from ((f"{name}/{inner}", content) for inner, content in _files(member))
    elif archive.path is None:
        raise ResourceError("code: only local files are emulated in the sandbox")
    elif Path(archive.path).is_dir():
        root = Path(archive.path)
        for file in (each for each in root.rglob("*") if each.is_file()):
            yield file.relative_to(root).as_posix(), file.read_bytes()
    else:
        with zipfile.ZipFile(archive.path) as source:
            yield from ((name, source.read(name)) for name in source.namelist())


def _content(asset: Asset) -> bytes:
    if asset.text is not None:
        return asset.text.encode()
    if asset.path is not None:
        return Path(asset.path).read_bytes()
    raise ResourceError("code: only text and local files are emulated in the sandbox")
