"""IAM: roles, policies and what they are attached to, service-linked roles."""

from sandbox.aws.patches.iam import entities, inline, policies, roles, service_roles

__all__ = ["entities", "inline", "policies", "roles", "service_roles"]
