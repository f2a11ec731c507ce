"""Where the sandbox departs from moto: one module or package per service."""

from sandbox.aws.mends import (
    athena,
    cloudformation,
    cloudtrail,
    config,
    glue,
    iam,
    kms,
    lambda_,
    logs,
    organizations,
    s3,
    sts,
)
from sandbox.aws.mends.registry import REGISTRY, Mend

__all__ = [
    "REGISTRY",
    "Mend",
    "athena",
    "cloudformation",
    "cloudtrail",
    "config",
    "glue",
    "iam",
    "kms",
    "lambda_",
    "logs",
    "organizations",
    "s3",
    "sts",
]
