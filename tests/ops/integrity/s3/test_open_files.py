"""As many connections as the system allows, in a process of its own: the limit is the process's."""

import subprocess
import sys

import pytest

PROGRAM = """
import resource
from integrity.s3.open_files import connections_allowed
print(connections_allowed(256), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("limits", "connections", "files"),
    [
        ("ulimit -Sn 1000", 256, 1000),
        ("ulimit -Sn 256", 256, 320),
        ("ulimit -Hn 256", 192, 256),
        ("ulimit -Hn 64", 1, 64),
    ],
    ids=["enough", "as macOS begins", "no more to be had", "next to none"],
)
def test_the_limit_is_raised_and_kept_to(limits: str, connections: int, files: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f'ulimit -Sn 60; {limits}; exec "$0" -c "$1"', sys.executable, PROGRAM],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [str(connections), str(files)]
