"""The code of the response function: the same bytes everywhere, with the hash that Lambda tells."""

import base64
import hashlib
import zipfile
from pathlib import Path

from cloudtrail_guard.resources.function_code import function_code


def test_the_same_files_are_the_same_bytes_whenever_they_were_written(tmp_path: Path) -> None:
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    for file in (old, new):
        file.write_text("pass\n")
    old.touch()

    first, second = (function_code({"handler.py": file}) for file in (old, new))

    assert first.sha256 == second.sha256
    # Of a file of this content, packed in this way, on any machine and any version of Python.
    assert first.sha256 == "rwsBqc5UJA4XOOJa5pqCoEnwHuz8YW7MGWch2CVDHOA="


def test_the_hash_is_that_of_the_zip_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("pass\n")

    code = function_code({"handler.py": tmp_path / "a.py"})

    content = Path(code.archive.path).read_bytes()
    assert base64.b64decode(code.sha256) == hashlib.sha256(content).digest()
    with zipfile.ZipFile(code.archive.path) as packed:
        assert packed.namelist() == ["handler.py"]
        assert packed.read("handler.py") == b"pass\n"
