"""CloudTrail: trails, their selectors, their delivery, their delegated administrators.

moto keeps trails; nearly everything that AWS checks, or answers about them, is here.
"""

from sandbox.aws.mends.cloudtrail import delegation, selectors, trails

__all__ = ["delegation", "selectors", "trails"]
