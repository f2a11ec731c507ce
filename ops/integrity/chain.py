"""One account's logs in one region, held against the chain of their digests."""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

# First: awscli brings a botocore of its own, and would have it imported in this one's place.
from botocore.exceptions import ClientError

from integrity.findings import Checked, Finding, Kind
from integrity.hours import HOUR, Digest, uncovered
from integrity.places import Logs

_cli: Any = import_module("awscli.customizations.cloudtrail.validation")

_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Period:
    """What is checked, and when.

    Attributes:
        start: from when.
        end: until when.
        now: the time of the check.
    """

    start: datetime
    end: datetime
    now: datetime


@dataclass(frozen=True)
class _OneClient:
    """The AWS CLI asks for a client of each bucket; here all is in one."""

    client: Any

    def get_client(self, _bucket: str) -> Any:  # noqa: ANN401 - boto3 has no types
        return self.client


@dataclass(frozen=True)
class _PublicKeys:
    """CloudTrail's public keys, encoded as the AWS CLI's own clients leave them."""

    cloudtrail: Any

    def get_public_keys(self, start: datetime, end: datetime) -> dict[str, Any]:
        listed = self.cloudtrail.list_public_keys(StartTime=start, EndTime=end)["PublicKeyList"]
        return {
            key["Fingerprint"]: {**key, "Value": base64.b64encode(key["Value"])} for key in listed
        }


def check(
    s3: Any,  # noqa: ANN401 - boto3 has no types
    cloudtrail: Any,  # noqa: ANN401 - boto3 has no types
    logs: Logs,
    place: tuple[str, str],
    period: Period,
) -> Checked:
    """Check the digests of one account and region, and the log files in them.

    Args:
        s3: a client of S3 in the bucket's region.
        cloudtrail: a client of CloudTrail in the digests' region, which has the public keys.
        logs: the trail's logs.
        place: the account and the region.
        period: what is checked.

    Raises:
        ClientError: AWS refused to answer.
    """
    account, region = place
    digests: list[Digest] = []
    findings: list[Finding] = []

    def invalid(*, last_key: str, message: str, **_: object) -> None:
        digests.append(_unread(last_key))
        findings.append(Finding(kind=Kind.DIGEST_INVALID, what=last_key, detail=_said(message)))

    traverser = _cli.DigestTraverser(
        digest_provider=_cli.DigestProvider(
            s3_client_provider=_OneClient(s3),
            account_id=account,
            trail_name=logs.trail_arn.rsplit("/", maxsplit=1)[-1],
            trail_home_region=logs.trail_arn.split(":")[3],
            trail_source_region=region,
            organization_id=logs.organization,
        ),
        starting_bucket=logs.bucket,
        starting_prefix=logs.prefix or None,
        public_key_provider=_PublicKeys(cloudtrail),
        on_invalid=invalid,
    )
    valid = intact = 0
    for backfill in (False, True):
        for content in traverser.traverse_digests(period.start, period.end, is_backfill=backfill):
            valid += 1
            if not backfill:
                digests.append(_digest(content))
            wrong = list(_logs(s3, content))
            intact += len(content["logFiles"]) - len(wrong)
            findings += wrong
    # Digests that overlap the start are read too; what lies before it is nobody's concern here.
    inside = [digest for digest in digests if digest.end > period.start]
    findings += uncovered(inside, period.start, period.end, period.now)
    return Checked(account=account, region=region, digests=valid, logs=intact, findings=findings)


def _digest(content: Any) -> Digest:  # noqa: ANN401 - it is JSON
    return Digest(
        key=content["digestS3Object"],
        start=_time(content["digestStartTime"]),
        end=_time(content["digestEndTime"]),
        signature=content["_signature"],
        previous_key=content.get("previousDigestS3Object"),
        previous_signature=content["previousDigestSignature"],
    )


def _unread(key: str) -> Digest:
    """A digest that proves nothing: its name alone says which hour it was for."""
    named = _cli.extract_digest_key_date(key)
    end = datetime.strptime(named, _cli.DATE_FORMAT).replace(tzinfo=UTC)
    return Digest(key=key, start=end - HOUR, end=end, valid=False)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _said(message: str) -> str:
    """The AWS CLI's words without the object's name, which stands beside them."""
    return message.rsplit("\t", maxsplit=1)[-1].removeprefix("INVALID: ")


def _logs(s3: Any, digest: Any) -> Iterator[Finding]:  # noqa: ANN401 - boto3 has no types
    """The log files of a digest that are not as they were."""
    for log in digest["logFiles"]:
        key = log["s3Object"]
        try:
            body = s3.get_object(Bucket=log["s3Bucket"], Key=key)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            yield Finding(
                kind=Kind.LOG_MISSING, what=key, detail=f"{digest['digestS3Object']} names it"
            )
            continue
        if _hash(body) != log["hashValue"]:
            yield Finding(
                kind=Kind.LOG_ALTERED,
                what=key,
                detail=f"its hash is not the one in {digest['digestS3Object']}",
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


def accept_restarts(checked: Checked) -> Checked:
    """The same without chains that start anew: somebody has judged them."""
    kept = [each for each in checked.findings if each.kind is not Kind.CHAIN_RESTARTED]
    return replace(checked, findings=kept)
