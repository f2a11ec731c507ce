"""AWS quotas on policy documents, as data with their source.

Where AWS raised a quota lately, the older, smaller one is our default: it holds everywhere, and
an organization that has the larger one can say so.
"""

from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota: how much of what, and where AWS says so."""

    what: str
    limit: int
    unit: str
    source: str

    def check(self, text: str) -> None:
        """Reject a document that does not fit.

        Args:
            text: the document as minified JSON.

        Raises:
            InvalidValueError: it is too long; the message says by how much.
        """
        size = len(text.encode())
        if size > self.limit:
            raise InvalidValueError(
                f"{self.what} has {size:,} {self.unit}, {size - self.limit:,} more than AWS allows "
                f"({self.limit:,}, {self.source})"
            )


BUCKET_POLICY = Quota(
    what="the bucket policy",
    limit=20_480,
    unit="bytes",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html",
)

KEY_POLICY = Quota(
    what="the key policy",
    limit=32_768,
    unit="bytes",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
)

ORGANIZATION_POLICY_SOURCE = (
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
)

SCP_SIZE = 5_120
"""Characters in one SCP or RCP (raised to 10,240 for some organizations in 2026)."""

SCPS_PER_TARGET = 5
"""SCPs attached to one root, OU or account, `FullAWSAccess` among them (raised to 10 in 2026)."""


def scp(size: int = SCP_SIZE) -> Quota:
    """The quota on one service control policy."""
    return Quota(
        what="the service control policy",
        limit=size,
        unit="characters",
        source=ORGANIZATION_POLICY_SOURCE,
    )


RCP = Quota(
    what="the resource control policy",
    limit=5_120,
    unit="characters",
    source=ORGANIZATION_POLICY_SOURCE,
)

RCPS_PER_TARGET = 5
"""RCPs attached to one root, OU or account, `RCPFullAWSAccess` among them."""

MANAGED_POLICY = Quota(
    what="the IAM managed policy",
    limit=6_144,
    unit="characters",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)

MANAGED_POLICIES_PER_IDENTITY = 10
"""Managed policies attached to one group, user or role."""
