"""Prowler, in an environment of its own, and what it says of accounts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION: Final = "5.46.0"
"""Its page of differences is of this version; the finding in ``findings`` as well."""

_HOME: Final = Path(
    os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache",
    f"cloudtrail-guard/prowler-{VERSION}",
)


class Finding(NamedTuple):
    """What a check says of one resource."""

    check: str
    arn: str
    region: str
    status: str


def install() -> Path:
    """The Python that has Prowler. It takes a minute and 1.4 GB, once for all checkouts."""
    python, done = _HOME / "bin" / "python", _HOME / ".installed"
    if not done.exists():
        uv = shutil.which("uv") or str(CHECKOUT / ".tools/uv/bin/uv")
        shutil.rmtree(_HOME, ignore_errors=True)
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(_HOME)])
        package = f"prowler=={VERSION}"
        _run([uv, "pip", "install", "--quiet", "--python", str(python), package])
        done.touch()
    return python


def known_checks(services: Iterable[str]) -> set[str]:
    """The ids of all of Prowler's checks of some services of AWS."""
    library = install().parents[1] / "lib"
    return {
        metadata.name.removesuffix(".metadata.json")
        for service in services
        for metadata in library.glob(
            f"*/site-packages/prowler/providers/aws/services/{service}/*/*.metadata.json"
        )
    }


def scan(
    accounts: Mapping[str, Mapping[str, str]],
    checks: Iterable[str],
    environment: Mapping[str, str],
) -> dict[str, list[Finding]]:
    """What checks find in each account.

    Args:
        accounts: for each account id, the access key of an administrator.
        checks: ids of checks.
        environment: the sandbox's.
    """
    given = json.dumps({"checks": list(checks), "accounts": accounts})
    script = CHECKOUT / "tests" / "oracle" / "scan.py"
    # Its own warnings are not ours; the folder is kept off its path.
    printed = _run([str(install()), "-P", "-W", "ignore", str(script)], given, environment)
    return {
        account: [Finding(*each) for each in found]
        for account, found in json.loads(printed.splitlines()[-1]).items()
    }


def _run(command: list[str], given: str = "", environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        input=given,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=4 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    return done.stdout
