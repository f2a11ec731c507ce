"""One account's logs in one region, verified against the chain of their digests."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from integrity.concurrency import Budget, in_order
from integrity.coverage import HOUR, Digest, Period, uncovered
from integrity.digest_file import (
    LARGEST,
    InvalidDigestError,
    LogFile,
    public_keys,
    verify_digest,
)
from integrity.findings import IntegrityFinding, Kind, Verified, unreadable
from integrity.listing import Listing, list_digests, log_between, unexpected_files
from integrity.log_file import gzip_hash
from integrity.log_layout import AccountRegion, DigestKey, LogLayout
from integrity.s3.connection import Connection
from integrity.s3.objects import ObjectStore

_DIGESTS_AT_ONCE = 256
_LOGS_AT_ONCE = 64
"""Of one digest."""
_DIGEST_BYTES = 16 * 1024 * 1024
"""Bytes of digests, decompressed, whose log files are verified at one time."""


class PublicKeys:
    """CloudTrail's public keys, asked for once in each region."""

    def __init__(self, client: Callable[[str], Any], start: datetime, end: datetime) -> None:
        """Ask for the keys of a time.

        Args:
            client: gives a client of CloudTrail in a region.
            start: from when.
            end: until when.
        """
        self._client = client
        self._start = start
        self._end = end
        self._locks: dict[str, asyncio.Lock] = {}
        self._keys: dict[str, Mapping[str, RSAPublicKey]] = {}

    async def of(self, region: str) -> Mapping[str, RSAPublicKey]:
        """The keys of a region, by fingerprint.

        Raises:
            ClientError: AWS refused; the next call asks again.
        """
        async with self._locks.setdefault(region, asyncio.Lock()):
            if region not in self._keys:
                self._keys[region] = await asyncio.to_thread(self._ask, region)
        return self._keys[region]

    def _ask(self, region: str) -> Mapping[str, RSAPublicKey]:
        return public_keys(self._client(region), self._start, self._end)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the logs are read.

    Attributes:
        store: reads the bucket.
        keys: CloudTrail's public keys.
        layout: where the trail delivers.
        other_trails: names of other trails that deliver to the same folders.
        memory: what digests may take.
    """

    store: ObjectStore
    keys: PublicKeys
    layout: LogLayout
    other_trails: Sequence[str] = ()
    memory: Budget = field(default_factory=lambda: Budget(_DIGEST_BYTES))


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What became of one digest.

    Attributes:
        digest: what it proves: it is valid, or could not be read; None for one that is not valid.
        valid: whether CloudTrail wrote it so.
        logs: how many of its log files are what CloudTrail delivered.
        findings: what is wrong with it and its log files.
    """

    digest: Digest | None = None
    valid: bool = False
    logs: int = 0
    findings: Sequence[IntegrityFinding] = ()


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

    def add(self, named: DigestKey, read: _Read) -> None:
        """Count one digest; in the order of their periods."""
        self.valid += read.valid
        self.logs += read.logs
        self.findings += read.findings
        if read.digest is None:
            self.invalid.append(named.key)
        elif not named.backfill:
            self.proven.append(read.digest)
        elif read.valid:
            self.backfills.append(read.digest)


async def verify(source: Source, of: AccountRegion, period: Period) -> Verified:
    """Verify the digests of one account and region, and the log files that they list.

    What AWS refuses to answer is a finding here, so that the other accounts and regions are
    verified all the same.

    Args:
        source: where the logs are read.
        of: the account and the region.
        period: the time that is verified.
    """
    try:
        listing = await list_digests(source.store, source.layout, of, period)
        keys = await source.keys.of(of.region)
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

    async def read(named: DigestKey) -> tuple[DigestKey, _Read]:
        return named, await _read(source, keys, named)

    async for named, found in in_order(read, listing.digests, _DIGESTS_AT_ONCE):
        digests.add(named, found)
    missing = await _uncovered(source, of, period, digests)
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


async def _uncovered(
    source: Source, of: AccountRegion, period: Period, digests: _Digests
) -> list[IntegrityFinding]:
    """Findings for the hours that no digest proves; what cannot be read is added to ``digests``."""
    # Digests that overlap the start are read too; what lies before the start is not the question.
    inside = [digest for digest in digests.proven if digest.end > period.start]
    gaps: dict[tuple[datetime, datetime], str | None] = {}

    def look(since: datetime, until: datetime) -> str | None:
        return gaps.setdefault((since, until))

    found = uncovered(inside, period, digests.invalid, look)
    if not gaps or source.other_trails:  # a log file does not say which trail it is of
        return found
    for since, until in list(gaps):
        try:
            log = await log_between(source.store, source.layout, of, since, until)
        except (BotoCoreError, ClientError) as error:
            digests.findings.append(unreadable("its log files", error))
        else:
            gaps[since, until] = log
    return uncovered(inside, period, digests.invalid, look)


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


async def _read(source: Source, keys: Mapping[str, RSAPublicKey], named: DigestKey) -> _Read:
    key, layout = named.key, source.layout

    async def body(connection: Connection) -> tuple[bytes, str]:
        content = await connection.read_whole(LARGEST)
        if content is None:
            raise InvalidDigestError(f"it is larger than any digest: more than {LARGEST} bytes")
        return content, connection.headers.get("x-amz-meta-signature", "")

    try:
        compressed, signature = await source.store.get(layout.read_bucket, key, body, urgent=False)
        # Where a compressed file says how large it is: https://www.rfc-editor.org/rfc/rfc1952
        size = min(int.from_bytes(compressed[-4:], "little"), LARGEST)
        async with source.memory.taken(max(size, len(compressed))):
            digest, listed = verify_digest(keys, layout.bucket, key, compressed, signature)
            wrong: list[IntegrityFinding] = []
            async for found in in_order(
                lambda log: _wrong(source, key, log), listed, _LOGS_AT_ONCE
            ):
                wrong += [] if found is None else [found]
    except InvalidDigestError as error:
        problem = IntegrityFinding(kind=Kind.DIGEST_INVALID, subject=key, detail=str(error))
        return _Read(findings=[problem])
    except (BotoCoreError, ClientError) as error:
        hour = Digest(key=key, start=named.end - HOUR, end=named.end, readable=False)
        return _Read(digest=hour, findings=[unreadable(key, error)])
    return _Read(digest=digest, valid=True, logs=len(listed) - len(wrong), findings=wrong)


async def _wrong(source: Source, digest: str, log: LogFile) -> IntegrityFinding | None:
    """A finding for a log file of a digest that is not as it was."""
    key, bucket = log.s3_object, source.layout.where(log.s3_bucket)

    async def hashed(connection: Connection) -> str | None:
        return await gzip_hash(connection.read)

    try:
        found = await source.store.get(bucket, key, hashed, urgent=True)
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == "NoSuchKey":
            detail = f"{digest} lists it"
            return IntegrityFinding(kind=Kind.LOG_MISSING, subject=key, detail=detail)
        return unreadable(key, error)
    if found == log.hash_value:
        return None
    detail = f"its hash is not the one in {digest}"
    return IntegrityFinding(kind=Kind.LOG_ALTERED, subject=key, detail=detail)
