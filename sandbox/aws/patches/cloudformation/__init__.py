"""CloudFormation: service-managed StackSets, which reach every account of an OU.

What is self-managed stays moto's.
"""

from sandbox.aws.patches.cloudformation import access, accounts, instances, operations, stack_sets

__all__ = ["access", "accounts", "instances", "operations", "stack_sets"]
