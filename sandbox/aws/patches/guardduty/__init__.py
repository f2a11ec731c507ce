"""GuardDuty: one detector a region, with the protection plans that it has.

An emulation of its own: moto keeps several detectors, and of features what was sent last.
"""

from sandbox.aws.patches.guardduty import detectors, organization

__all__ = ["detectors", "organization"]
