"""Consoles for what the commands print."""

import sys

from rich.console import Console

_UNCUT = 1000
"""Columns, where no terminal says how many there are: Rich would cut tables at 80."""


def make_console(*, stderr: bool = False) -> Console:
    """A console that cuts nothing where its output goes to a file, a pipe or a job's log."""
    stream = sys.stderr if stderr else sys.stdout
    # COLUMNS is no answer: it may be left over from the terminal that started the job.
    width = None if stream.isatty() else _UNCUT
    return Console(stderr=stderr, width=width, highlight=False)


def printable(text: str) -> str:
    """The text with control characters escaped: a file's name must not move the cursor."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
