"""The commands of `cloudtrail-guard adopt`, as the how-tos have them."""

import subprocess
import sys

from tests.support.engine import Project


def adoption(project: Project, command: str, stack: str) -> str:
    """Run one of the two commands, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "command_line", "adopt", command, "--stack", stack],
        cwd=project.directory,
        env={**project.sandbox.environment, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def adopt(project: Project, stack: str) -> tuple[str, str]:
    """Follow the commands that `adopt find` prints, and return what it found and what changes."""
    found = adoption(project, "find", stack)
    project.pulumi(
        *("import", "--stack", stack, "--file", "adopt.json", "--generate-code=false", "--yes")
    ).succeeded()
    changes = adoption(project, "changes", stack)
    operations = project.operations(stack)
    assert set(operations) <= {"create", "update"}, operations
    project.up(stack).succeeded()
    project.up(stack, "--expect-no-changes").succeeded()
    return found, changes
