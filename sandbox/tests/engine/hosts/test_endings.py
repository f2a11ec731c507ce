"""How a Python program can end, and what the user is shown of it."""

from dataclasses import dataclass

import pytest

from sandbox.tests.engine.hosts.conftest import Project

pytestmark = pytest.mark.engine

EXIT = "error: an unhandled error occurred: program exited with non-zero exit code: "
UNHANDLED = "error: Program failed with an unhandled exception:\n"


@dataclass(frozen=True)
class Ending:
    """A program and its end.

    Attributes:
        program: its text.
        shown: what the diagnostics are; ``{main}`` stands for the program's file.
        code: the exit code of the command.
    """

    program: str
    shown: str
    code: int = 1


ENDINGS = {
    "well": Ending("print('all done')", "all done", code=0),
    "well, with a line that has no end": Ending("print('all done', end='')", "all done", code=0),
    "with an exception": Ending(
        "def check(size):\n    raise ValueError(f'bad size {size}')\ncheck(3)\n",
        UNHANDLED + "Traceback (most recent call last):\n"
        '  File "{main}", line 3, in <module>\n'
        "    check(3)\n"
        '  File "{main}", line 2, in check\n'
        "    raise ValueError(f'bad size {{size}}')\n"
        "ValueError: bad size 3",
    ),
    "with an exception in an output": Ending(
        "import pulumi\ndef fail(_):\n    raise ValueError('late')\n"
        "pulumi.Output.from_input(1).apply(fail)\n",
        UNHANDLED + "Traceback (most recent call last):\n"
        '  File "{main}", line 3, in fail\n'
        "    raise ValueError('late')\n"
        "ValueError: late",
    ),
    "with a RunError": Ending(
        "import pulumi\nraise pulumi.RunError('the trail has no bucket')",
        f"error: the trail has no bucket\n{EXIT}1",
    ),
    "with config that is missing": Ending(
        "import pulumi\npulumi.Config().require('size')",
        "error: Missing required configuration variable 'tried:size'\n"
        f"\tplease set a value using the command `pulumi config set tried:size <value>`\n{EXIT}1",
    ),
    "with an exit code of its own": Ending("import sys\nsys.exit(7)", f"{EXIT}7"),
    "with a message as its exit code": Ending(
        "import sys\nsys.exit('no region')", f"no region\n{EXIT}1"
    ),
    "by a signal": Ending("import os\nos.kill(os.getpid(), 9)", f"{EXIT}-1 (killed by SIGKILL)"),
    "with a syntax error": Ending(
        "import pulumi\ndef (\n",
        UNHANDLED + '  File "{main}", line 2\n    def (\n        ^\nSyntaxError: invalid syntax',
    ),
    "with a module that is missing": Ending(
        "import no_such_module",
        UNHANDLED + "Traceback (most recent call last):\n"
        '  File "{main}", line 1, in <module>\n'
        "    import no_such_module\n"
        "ModuleNotFoundError: No module named 'no_such_module'",
    ),
    "with a resource that has no provider": Ending(
        "import pulumi\npulumi.CustomResource('absent:index:Thing', 'thing', {})",
        "error: no resource plugin 'pulumi-resource-absent' found in the workspace or on your "
        "$PATH",
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_program_ends(project: Project, ending: str) -> None:
    expected = ENDINGS[ending]
    project.write("__main__.py", expected.program)

    ran = project.up()

    assert ran.code == expected.code, ran.output
    main = project.directory / "__main__.py"
    shown = sorted(ran.diagnostics.splitlines())
    assert shown == sorted(expected.shown.format(main=main).splitlines()), ran.output
