"""Enforcement: every call is evaluated by the policies that bind it before it is carried out.

::

    call -> services: permissions (action, resource, its policy, keys)
         -> attached: SCPs, RCPs, identity policies, boundary, session policy
         -> authorization: allowed, or refused by which kind of policy
         -> gate: the refusal as the service words it

One evaluator of a single policy is under all of it: ``sandbox.aws.policy_evaluation``. The patch
that checks every call is ``sandbox.aws.patches.every_call``.
"""

from sandbox.aws.enforcement.gate import check, error, may_service, refusal, role_may
from sandbox.aws.enforcement.permissions import Permission, ResourcePolicy

__all__ = ["Permission", "ResourcePolicy", "check", "error", "may_service", "refusal", "role_may"]
