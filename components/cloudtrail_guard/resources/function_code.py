"""The code of a function as a zip file whose hash is known before Lambda tells it."""

import atexit
import base64
import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o644 << 16


@dataclass(frozen=True)
class FunctionCode:
    """Code to deploy, and what Lambda says of it once it is deployed.

    Attributes:
        archive: the zip file, which Pulumi passes on as it is.
        sha256: its hash as Lambda's ``CodeSha256`` has it.
    """

    archive: pulumi.FileArchive
    sha256: str


def function_code(files: Mapping[str, Path]) -> FunctionCode:
    """Pack files: the same bytes on every machine, since their hash is compared with Lambda's.

    Without the hash, code that somebody else put into the function would differ from nothing
    (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function,
    ``code_sha256``).

    Args:
        files: by their names in the zip file.
    """
    content = _zipped({name: file.read_bytes() for name, file in files.items()})
    folder = tempfile.mkdtemp(prefix="cloudtrail-guard-")
    # The engine reads it while the program runs, and not after.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = Path(folder, "code.zip")
    target.write_bytes(content)
    digest = hashlib.sha256(content).digest()
    return FunctionCode(pulumi.FileArchive(str(target)), base64.b64encode(digest).decode())


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    # Not compressed: that would differ between versions of zlib.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            target.writestr(entry, content)
    return buffer.getvalue()
