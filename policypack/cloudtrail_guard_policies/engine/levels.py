"""How a rule is enforced, and how bad a violation is: the words of Pulumi's policy SDK.

The pack starts without the SDK, which takes longer to import than the pack; a test compares.
"""

from __future__ import annotations

from enum import Enum


class EnforcementLevel(Enum):
    """What a violation does; the values of `pulumi_policy.EnforcementLevel`."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    DISABLED = "disabled"


class Severity(Enum):
    """How bad a violation is; the values of `pulumi_policy.Severity`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
