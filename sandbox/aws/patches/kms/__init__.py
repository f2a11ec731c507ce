"""KMS: key policies, key states, rotation, replicas, keys of other accounts."""

from sandbox.aws.patches.kms import keys, policy, replicas

__all__ = ["keys", "policy", "replicas"]
