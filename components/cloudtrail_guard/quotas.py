"""AWS quotas on policy documents, as data with source and date."""

from dataclasses import dataclass

from cloudtrail_guard.errors import QuotaError


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota on a policy document.

    Attributes:
        what: the kind of document, for the error message.
        limit: the largest size that AWS accepts.
        unit: what the size is counted in: bytes or characters.
        source: the AWS page that states the quota.
        since: the date from which the quota has this value; None: it has not changed in years.
        per_target: how many such policies one root, OU, account or identity may have, the policies
            of AWS itself (`FullAWSAccess`, `RCPFullAWSAccess`) included; None: always one.
    """

    what: str
    limit: int
    unit: str
    source: str
    since: str | None = None
    per_target: int | None = None

    def checked(self, text: str, hint: str = "") -> str:
        """The document, if it fits.

        Raises:
            QuotaError: see `check`.
        """
        self.check(text, hint)
        return text

    def check(self, text: str, hint: str = "") -> None:
        """Reject a document that does not fit.

        Args:
            text: the document as minified JSON.
            hint: the end of the message: what to leave out.

        Raises:
            QuotaError: it is too long; the message says by how much.
        """
        size = len(text.encode())
        if size > self.limit:
            raise QuotaError(
                f"{self.what} has {size:,} {self.unit}, {size - self.limit:,} more than AWS allows "
                f"({self.limit:,}, {self.source}){hint}"
            )


_ORGANIZATIONS = (
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
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

SCP = Quota(
    what="the service control policy",
    limit=10_240,
    unit="characters",
    source=_ORGANIZATIONS,
    since="2026-05-15",  # in all partitions, without a request; 5,120 characters and 5 before
    per_target=10,
)

RCP = Quota(
    what="the resource control policy",
    limit=5_120,
    unit="characters",
    source=_ORGANIZATIONS,
    per_target=5,
)

TRUST_POLICY = Quota(
    what="the role's trust policy",
    limit=2_048,
    unit="characters",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)

ROLE_POLICIES = Quota(
    what="the role's inline policy",
    limit=10_240,
    unit="characters",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)

FUNCTION_VARIABLES = Quota(
    what="what the function reads from its environment",
    limit=4_096,
    unit="bytes",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
)

QUEUE_POLICY = Quota(
    what="the queue's policy",
    limit=8_192,
    unit="bytes",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
)

MANAGED_POLICY = Quota(
    what="the IAM managed policy",
    limit=6_144,
    unit="characters",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    per_target=10,
)
