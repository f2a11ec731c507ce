"""Where the sandbox departs from moto: one module or package per service."""

from sandbox.aws.mends import (
    access_analyzer,
    athena,
    cloudformation,
    cloudtrail,
    config,
    enforcement,
    glue,
    guardduty,
    iam,
    kms,
    lambda_,
    logs,
    organizations,
    s3,
    securityhub,
    sns,
    sts,
)
from sandbox.aws.mends.registry import REGISTRY, Mend

__all__ = [
    "REGISTRY",
    "Mend",
    "access_analyzer",
    "athena",
    "cloudformation",
    "cloudtrail",
    "config",
    "enforcement",
    "glue",
    "guardduty",
    "iam",
    "kms",
    "lambda_",
    "logs",
    "organizations",
    "s3",
    "securityhub",
    "sns",
    "sts",
]
