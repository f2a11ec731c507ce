"""Where digests lie in the bucket: by account and region."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, kw_only=True)
class Logs:
    """A trail's logs.

    Attributes:
        bucket: the bucket's name.
        trail_arn: the trail's ARN.
        organization: the organization's id, if it is an organization trail.
        prefix: what the trail puts before ``AWSLogs``; empty for nothing.
    """

    bucket: str
    trail_arn: str
    organization: str | None = None
    prefix: str = ""

    @property
    def root(self) -> str:
        """The prefix of all accounts, with a slash at its end."""
        parts = [self.prefix, "AWSLogs", self.organization or ""]
        return "/".join(part for part in parts if part) + "/"

    def digests(self, account: str) -> str:
        """The prefix of an account's digests, with a slash at its end."""
        return f"{self.root}{account}/CloudTrail-Digest/"


def find_places(
    s3: Any,  # noqa: ANN401 - boto3 has no types
    logs: Logs,
    accounts: Sequence[str],
    regions: Sequence[str],
) -> list[tuple[str, str]]:
    """Accounts and regions with digests, in order; those that are named count in any case.

    Args:
        s3: a client of S3.
        logs: the trail's logs.
        accounts: accounts to check; none: every one that has a prefix.
        regions: regions to check; none: every one that the account has digests of.
    """
    found = accounts or [
        name for name in _folders(s3, logs.bucket, logs.root) if _ACCOUNT.fullmatch(name)
    ]
    return [
        (account, region)
        for account in sorted(found)
        for region in sorted(regions or _folders(s3, logs.bucket, logs.digests(account)))
    ]


def _folders(s3: Any, bucket: str, prefix: str) -> Iterator[str]:  # noqa: ANN401 - boto3 has no types
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, Delimiter="/"
    )
    for page in pages:
        for folder in page.get("CommonPrefixes", ()):
            yield folder["Prefix"].removeprefix(prefix).rstrip("/")
