"""AWS Config: rules of the organization, which moto lacks.

moto's Config is loaded at its first call: it would cost every start.
"""

from sandbox.aws.patches.config import organization_rules

__all__ = ["organization_rules"]
