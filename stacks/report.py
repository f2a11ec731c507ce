"""Findings to the user: warnings beside the deployment, anything fatal instead of it."""

import pulumi

from stacks.checks import Finding
from stacks.config import SettingsError


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
