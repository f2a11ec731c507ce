"""The components as a package of Python."""

import subprocess
import sys
import zipfile
from pathlib import Path

from sandbox.toolchain import CHECKOUT


def test_the_package_builds_typed_and_whole(tmp_path: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(tmp_path)),
            str(CHECKOUT / "components"),
        ],
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("cloudtrail_guard-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = CHECKOUT / "components" / "cloudtrail_guard"
    modules = {str(p.relative_to(package.parent)) for p in package.rglob("*.py")}
    assert modules | {"cloudtrail_guard/py.typed"} <= names
