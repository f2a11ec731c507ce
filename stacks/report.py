"""Findings to the user: warnings beside the deployment, anything fatal instead of it."""

from dataclasses import dataclass

import pulumi

from stacks.config import SettingsError


@dataclass(frozen=True)
class Finding:
    """Something that does not fit.

    Attributes:
        text: key, value, what is wrong, how to mend it.
        fatal: whether nothing may be deployed; otherwise it is a warning.
    """

    text: str
    fatal: bool = True


def report(findings: list[Finding]) -> None:
    """Show every warning, and stop if anything is fatal.

    Raises:
        SettingsError: there are fatal findings; all are listed.
    """
    for finding in findings:
        if not finding.fatal:
            pulumi.log.warn(finding.text)
    fatal = [finding.text for finding in findings if finding.fatal]
    if fatal:
        raise SettingsError(pulumi.get_stack(), fatal)
