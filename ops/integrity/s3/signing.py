"""Signature Version 4 of GET requests, with what a day's requests share computed once.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from botocore.credentials import ReadOnlyCredentials

_NO_BODY = hashlib.sha256(b"").hexdigest()


def encoded_path(key: str) -> str:
    """A key as it stands in a URL and in what is signed."""
    return quote(key, safe="/-_.~")


def encoded_query(parameters: Mapping[str, str]) -> str:
    """Parameters as they stand in a URL and in what is signed."""
    pairs = sorted((quote(n, safe="-_.~"), quote(v, safe="-_.~")) for n, v in parameters.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def signed_headers(  # noqa: PLR0913 - what a signature covers
    credentials: ReadOnlyCredentials,
    *,
    host: str,
    path: str,
    query: str,
    region: str,
    now: datetime | None = None,
) -> dict[str, str]:
    """The headers of a signed GET request without a body.

    Args:
        credentials: the caller's.
        host: the Host header, with the port unless it is the scheme's own.
        path: the encoded path.
        query: the encoded query, without a question mark; may be empty.
        region: the bucket's region.
        now: the time of the request. Default: now.
    """
    moment = f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    headers = {"host": host, "x-amz-content-sha256": _NO_BODY, "x-amz-date": moment}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"GET\n{path}\n{query}\n{lines}\n{names}\n{_NO_BODY}"
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}"
    key = _signing_key(credentials.secret_key, moment[:8], region)
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


@lru_cache(maxsize=16)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
