"""One account's logs in one region, verified against the chain of their digests."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from integrity.coverage import HOUR, Digest, Period, uncovered
from integrity.digest_file import InvalidDigestError, LogFile, public_keys, read_digest
from integrity.findings import IntegrityFinding, Kind, Verified
from integrity.listing import Listing, list_digests, log_between, unexpected_files
from integrity.log_layout import AccountRegion, DigestKey, LogLayout

_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the logs are read.

    Attributes:
        s3: a client of S3 in the bucket's region.
        layout: where the trail delivers.
        other_trails: names of other trails that deliver to the same folders.
    """

    s3: Any
    layout: LogLayout
    other_trails: Sequence[str] = ()


@dataclass(kw_only=True)
class _Digests:
    """What the digests of a period came to.

    Attributes:
        proven: those of the hours: valid, or unreadable.
        backfills: the valid ones that list what a digest of an hour does not.
        invalid: keys of those that CloudTrail did not write so.
        valid: how many are valid.
        logs: how many log files are what CloudTrail delivered.
        findings: what is wrong with digests and log files.
    """

    proven: list[Digest] = field(default_factory=list[Digest])
    backfills: list[Digest] = field(default_factory=list[Digest])
    invalid: list[str] = field(default_factory=list[str])
    valid: int = 0
    logs: int = 0
    findings: list[IntegrityFinding] = field(default_factory=list[IntegrityFinding])


def verify(
    source: Source,
    cloudtrail: Any,  # noqa: ANN401 - boto3 has no types
    of: AccountRegion,
    period: Period,
) -> Verified:
    """Verify the digests of one account and region, and the log files that they list.

    What AWS refuses to answer is a finding here, so that the other accounts and regions are
    verified all the same.

    Args:
        source: where the logs are read.
        cloudtrail: a client of CloudTrail in the digests' region, which has the public keys.
        of: the account and the region.
        period: the time that is verified.
    """
    try:
        listing = list_digests(source.s3, source.layout, of, period)
        # Keys of later too: a backfill digest is signed when it is written.
        keys = public_keys(cloudtrail, period.start - HOUR, period.now)
    except (BotoCoreError, ClientError) as error:
        return Verified(
            account=of.account, region=of.region, findings=[unreadable("its digest files", error)]
        )
    if listing.digests and not keys:
        problem = IntegrityFinding(
            kind=Kind.NOT_READABLE,
            subject="its digest files",
            detail="CloudTrail lists no public key of this period in the region",
        )
        return Verified(account=of.account, region=of.region, findings=[problem])
    digests = _Digests()
    for named in listing.digests:
        _read(source, keys, named, digests)
    # Digests that overlap the start are read too; what lies before the start is not the question.
    inside = [digest for digest in digests.proven if digest.end > period.start]
    logged = partial(_log_between, source, of, digests.findings)
    missing = uncovered(inside, period, digests.invalid, logged)
    return Verified(
        account=of.account,
        region=of.region,
        digests=digests.valid,
        logs=digests.logs,
        findings=[
            *unexpected_files(of, listing.unexpected, source.other_trails),
            *digests.findings,
            *missing,
            *_missing_backfills(source.layout, of, period, listing, digests.backfills),
        ],
    )


def accept_restarts(verified: Verified) -> Verified:
    """The same without restarted chains: the caller knows that the trail was stopped or is new."""
    kept = [each for each in verified.findings if each.kind is not Kind.CHAIN_RESTARTED]
    return replace(verified, findings=kept)


def unreadable(subject: str, error: Exception) -> IntegrityFinding:
    """A finding for what AWS refused to answer."""
    return IntegrityFinding(kind=Kind.NOT_READABLE, subject=subject, detail=str(error))


def _log_between(
    source: Source,
    of: AccountRegion,
    findings: list[IntegrityFinding],
    since: datetime,
    until: datetime,
) -> str | None:
    if source.other_trails:  # a log file does not say which trail it is of
        return None
    try:
        return log_between(source.s3, source.layout, of, since, until)
    except (BotoCoreError, ClientError) as error:
        findings.append(unreadable("its log files", error))
        return None


def _missing_backfills(
    layout: LogLayout,
    of: AccountRegion,
    period: Period,
    listing: Listing,
    backfills: Sequence[Digest],
) -> Iterator[IntegrityFinding]:
    """Findings for digests that a backfill digest follows and that are not there."""
    there = {digest.key for digest in listing.digests}
    for digest in backfills:
        before = layout.digest_key(of, digest.previous_key or "")
        if before and before.key not in there and before.end > period.start:
            yield IntegrityFinding(
                kind=Kind.DIGESTS_MISSING,
                subject=before.key,
                detail=f"{digest.key} follows it, and it is not there",
            )


def _read(source: Source, keys: dict[str, str], named: DigestKey, into: _Digests) -> None:
    key = named.key
    try:
        digest, listed = read_digest(source.s3, keys, source.layout.bucket, key)
    except InvalidDigestError as error:
        into.invalid.append(key)
        into.findings.append(
            IntegrityFinding(kind=Kind.DIGEST_INVALID, subject=key, detail=str(error))
        )
        return
    except (BotoCoreError, ClientError) as error:
        into.findings.append(unreadable(key, error))
        if not named.backfill:
            hour = Digest(key=key, start=named.end - HOUR, end=named.end, readable=False)
            into.proven.append(hour)
        return
    into.valid += 1
    (into.backfills if named.backfill else into.proven).append(digest)
    wrong = list(_wrong_logs(source.s3, key, listed))
    into.logs += len(listed) - len(wrong)
    into.findings += wrong


def _wrong_logs(s3: Any, digest: str, logs: Sequence[LogFile]) -> Iterator[IntegrityFinding]:  # noqa: ANN401 - boto3 has no types
    """Findings for the log files of a digest that are not as they were."""
    for log in logs:
        key = log.s3_object
        try:
            intact = _hash(s3.get_object(Bucket=log.s3_bucket, Key=key)["Body"]) == log.hash_value
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == "NoSuchKey":
                detail = f"{digest} lists it"
                yield IntegrityFinding(kind=Kind.LOG_MISSING, subject=key, detail=detail)
            else:
                yield unreadable(key, error)
            continue
        if not intact:
            yield IntegrityFinding(
                kind=Kind.LOG_ALTERED, subject=key, detail=f"its hash is not the one in {digest}"
            )


def _hash(body: Any) -> str | None:  # noqa: ANN401 - boto3 has no types
    """SHA-256 of what is compressed in a file; None where it is no gzip file, or more than one."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    digest = hashlib.sha256()
    try:
        for chunk in body.iter_chunks(_CHUNK):
            digest.update(inflater.decompress(chunk))
        digest.update(inflater.flush())
    except zlib.error:
        return None
    return digest.hexdigest() if inflater.eof and not inflater.unused_data else None
