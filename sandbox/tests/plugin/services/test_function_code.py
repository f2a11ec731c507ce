"""Code of functions: when two archives are the same, and what becomes of a zip file."""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from sandbox.plugin.services.lambda_ import FUNCTION, zipped
from sandbox.plugin.values import Archive, Asset, from_json, to_struct

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

SAME_CODE = FUNCTION.equal["code"]


def archive(folder: Path, name: str, content: str, digest: str | None = None) -> Archive:
    target = folder / name
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("handler.py", content)
    return Archive(path=str(target), hash=digest)


@pytest.mark.parametrize(
    ("content", "digests", "same"),
    [
        ("a", (None, None), True),
        ("b", (None, None), False),
        ("b", ("1", "1"), True),
        ("a", ("1", "2"), False),
        ("a", ("1", None), True),
    ],
)
def test_code_is_the_same_as_the_engines_hashes_or_the_files_say(
    tmp_path: Path, content: str, digests: tuple[str | None, str | None], *, same: bool
) -> None:
    old = archive(tmp_path, "old.zip", "a", digests[0])
    new = archive(tmp_path, "new.zip", content, digests[1])

    assert SAME_CODE(old, new) is same


def test_code_whose_file_is_gone_is_another() -> None:
    assert not SAME_CODE(Archive(path="/gone/a.zip"), Archive(path="/gone/b.zip"))
    assert SAME_CODE(Archive(path="/gone/a.zip"), Archive(path="/gone/a.zip"))


def test_a_zip_file_goes_to_lambda_as_it_is(tmp_path: Path) -> None:
    given = archive(tmp_path, "code.zip", "pass")
    packed = Archive(assets=(("handler.py", Asset(text="pass")),))

    assert given.path is not None
    assert zipped(given) == Path(given.path).read_bytes()
    assert zipped(packed) != zipped(given)


def test_an_archives_hash_is_kept_on_the_wire() -> None:
    sent = to_struct({"code": Archive(path="code.zip", hash="1")})
    inner = cast("Struct", sent["code"])
    code = from_json({"code": dict(inner.items())})["code"]

    assert (code, code.hash) == (Archive(path="code.zip"), "1")
