"""The keys under which CloudTrail delivers logs and digests.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

ACCOUNT = re.compile(r"\d{12}")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


class AccountRegion(NamedTuple):
    """The logs of one account in one region.

    Attributes:
        account: the account, 12 digits.
        region: the region; empty for what concerns all of the account's regions.
    """

    account: str
    region: str


class DigestKey(NamedTuple):
    """A key that is named like a digest file of the trail.

    Attributes:
        key: the key.
        end: the end of its period, by the name alone.
        backfill: whether it lists logs that the hour's own digest does not.
    """

    key: str
    end: datetime
    backfill: bool


@dataclass(frozen=True, kw_only=True)
class LogLayout:
    """Where a trail delivers.

    Attributes:
        bucket: the bucket's name.
        trail_arn: the trail's ARN.
        organization: the organization's id, if it is an organization trail.
        prefix: the trail's S3 key prefix, without slashes at its ends; empty for none.
        replica: the bucket that S3 replicates the log bucket to, where that one is read in its
            place: keys, content and user metadata are the same there
            (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html).
    """

    bucket: str
    trail_arn: str
    organization: str | None = None
    prefix: str = ""
    replica: str | None = None

    @property
    def read_bucket(self) -> str:
        """The bucket whose objects are read."""
        return self.replica or self.bucket

    def where(self, bucket: str) -> str:
        """The bucket to read an object in that CloudTrail wrote to a bucket."""
        return self.read_bucket if bucket == self.bucket else bucket

    @property
    def home_region(self) -> str:
        """The region of the trail itself."""
        return self.trail_arn.split(":")[3]

    @property
    def owner(self) -> str:
        """The account of the trail itself: an organization's management account."""
        return self.trail_arn.split(":")[4]

    @property
    def root(self) -> str:
        """The prefix of all accounts, with a slash at its end."""
        parts = [self.prefix, "AWSLogs", self.organization or ""]
        return "/".join(part for part in parts if part) + "/"

    def digests(self, account: str, region: str = "") -> str:
        """The prefix of an account's digests, or of one region's, with a slash at its end."""
        return f"{self.root}{account}/CloudTrail-Digest/{region}{'/' if region else ''}"

    def logs(self, account: str, region: str = "") -> str:
        """The prefix of an account's logs, or of one region's, with a slash at its end."""
        return f"{self.root}{account}/CloudTrail/{region}{'/' if region else ''}"

    def digest_key(self, of: AccountRegion, key: str) -> DigestKey | None:
        """Read a key as the name of a digest of this trail; None where it is not one."""
        trail = self.trail_arn.rsplit("/", maxsplit=1)[-1]
        start = f"{of.account}_CloudTrail-Digest_{of.region}_{trail}_{self.home_region}_"
        named = re.fullmatch(
            re.escape(start) + r"(\d{8}T\d{6}Z)(_backfill)?\.json\.gz",
            key.rsplit("/", maxsplit=1)[-1],
            re.ASCII,
        )
        if named is None:
            return None
        try:
            end = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return None
        return DigestKey(key, end, named[2] is not None)

    def log_time(self, of: AccountRegion, key: str) -> datetime | None:
        """When a log file was delivered, by its name; None where it is not named like one."""
        start = re.escape(f"{of.account}_CloudTrail_{of.region}_")
        named = re.match(start + r"(\d{8}T\d{4})(?:\d\d)?Z_", key.rsplit("/", maxsplit=1)[-1])
        try:
            return named and datetime.strptime(named[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
        except ValueError:
            return None
