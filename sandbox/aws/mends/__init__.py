"""Where the sandbox departs from moto: one module or package per service."""

from sandbox.aws.mends import cloudtrail, iam, kms, organizations, s3, sts
from sandbox.aws.mends.registry import REGISTRY, Mend

__all__ = ["REGISTRY", "Mend", "cloudtrail", "iam", "kms", "organizations", "s3", "sts"]
