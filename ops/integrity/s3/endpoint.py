"""Where requests for a bucket go: as botocore would send them."""

import base64
import os
import re
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies

_PORTS = {"http": 80, "https": 443}
_SCOPE = re.compile(r"AWS4-HMAC-SHA256 Credential=[^ ]+/\d{8}/([^/]+)/s3/aws4_request,")


class UnsupportedEndpointError(Exception):
    """The bucket cannot be reached this way; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy.

    Attributes:
        host: its name.
        port: its port.
        headers: what it is sent: credentials, if its URL has some.
    """

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where requests for one bucket go.

    Attributes:
        host: the server's name.
        port: its port.
        authority: the Host header.
        base: the path of the bucket, without a slash at its end.
        region: the region that requests are signed for.
        tls: how its certificate is checked; None without TLS.
        proxy: what it is reached through; None for nothing.
    """

    host: str
    port: int
    authority: str
    base: str
    region: str
    tls: ssl.SSLContext | None
    proxy: Proxy | None


class _NoResults:
    """The body of the answer that is never asked for."""

    def stream(self, **_: object) -> list[bytes]:
        return [b"<ListBucketResult/>"]


def find_endpoint(s3: Any, bucket: str, ca_bundle: str | None) -> Endpoint:  # noqa: ANN401 - boto3 has no types
    """Have botocore prepare a request for a bucket, look at it, and send nothing.

    Args:
        s3: a client of S3.
        bucket: the bucket.
        ca_bundle: the certificates to trust; None for botocore's own.

    Raises:
        UnsupportedEndpointError: the request is signed in another way, or the proxy speaks TLS.
        BotoCoreError: there are no credentials, or the settings contradict each other.
    """
    seen: list[Any] = []

    def look(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore has no types
        seen.append(request)
        return AWSResponse(request.url, 200, {}, _NoResults())

    # The event that is there to answer in place of AWS.
    s3.meta.events.register("before-send.s3.ListObjectsV2", look)
    try:
        s3.list_objects_v2(Bucket=bucket)
    finally:
        s3.meta.events.unregister("before-send.s3.ListObjectsV2", look)
    [request] = seen
    url = urlsplit(request.url)
    authorization = request.headers.get("Authorization", "")
    if isinstance(authorization, bytes):
        authorization = authorization.decode()
    signed = _SCOPE.match(authorization)
    if signed is None:
        raise UnsupportedEndpointError(
            f"requests for s3://{bucket} are not signed with Signature Version 4: remove "
            "signature_version and access point settings from the AWS profile"
        )
    authority = url.netloc.rpartition("@")[2]
    return Endpoint(
        host=url.hostname or "",
        port=url.port or _PORTS[url.scheme],
        authority=authority.removesuffix(f":{_PORTS[url.scheme]}"),
        base=url.path.rstrip("/"),
        region=signed[1],
        tls=_tls(_trusted(ca_bundle)) if url.scheme == "https" else None,
        proxy=_proxy(url),
    )


def _proxy(url: SplitResult) -> Proxy | None:
    found = get_environ_proxies(url.geturl()).get(url.scheme)
    if not found:
        return None
    proxy = urlsplit(found if "//" in found else f"http://{found}")
    if proxy.scheme != "http" or not proxy.hostname:
        raise UnsupportedEndpointError(
            f"{url.scheme.upper()}_PROXY must be like http://<host>:<port>: the connection to the "
            "proxy is plain HTTP; inside it, S3 is spoken to with TLS"
        )
    headers: dict[str, str] = {}
    if proxy.username:
        user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
    return Proxy(proxy.hostname, proxy.port or 80, headers)


def _trusted(ca_bundle: str | None) -> str:
    """The certificates that botocore trusts."""
    return ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or get_cert_path(verify=True)


@lru_cache(maxsize=4)
def _tls(bundle: str) -> ssl.SSLContext:
    is_folder = os.path.isdir(bundle)  # noqa: PTH112 - a string, as OpenSSL takes it
    return ssl.create_default_context(
        cafile=None if is_folder else bundle, capath=bundle if is_folder else None
    )
