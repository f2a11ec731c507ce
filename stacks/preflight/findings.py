"""Preflight findings: warnings are shown during the deployment, errors prevent it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Finding:
    """A preflight finding.

    Attributes:
        text: key, value, what is wrong, how to fix it.
        fatal: whether nothing may be deployed; otherwise it is a warning.
    """

    text: str
    fatal: bool = True


class PreflightError(pulumi.RunError):
    """The stack cannot be deployed here as it is set; the message lists every reason."""

    def __init__(self, stack: str, reasons: Sequence[str]) -> None:
        """List the reasons under one heading."""
        count = f"{len(reasons)} finding{'s' if len(reasons) > 1 else ''}"
        lines = "\n".join(f"  - {reason}" for reason in reasons)
        super().__init__(
            f"{count} of the preflight checks of stack '{stack}'; nothing was deployed:\n{lines}"
        )


def report(findings: Sequence[Finding]) -> None:
    """Show every warning, and stop if anything is fatal.

    Raises:
        PreflightError: there are fatal findings; all are listed.
    """
    for finding in findings:
        if not finding.fatal:
            pulumi.log.warn(finding.text)
    fatal = [finding.text for finding in findings if finding.fatal]
    if fatal:
        raise PreflightError(pulumi.get_stack(), fatal)
