"""Enforcement: every call is judged by the policies that bind it before it is carried out.

::

    call -> services: demands (action, resource, its policy, keys)
         -> attached: SCPs, RCPs, identity policies, boundary, session policy
         -> authorization: allowed, or refused by which kind of policy
         -> gate: the refusal in the words of the service

One evaluator of a single policy is under all of it: ``sandbox.aws.policies``. The mend that asks
for every call is ``sandbox.aws.mends.enforcement``.
"""

from sandbox.aws.enforcement.demands import Demand, ResourcePolicy
from sandbox.aws.enforcement.gate import check, error, may_service, refusal

__all__ = ["Demand", "ResourcePolicy", "check", "error", "may_service", "refusal"]
