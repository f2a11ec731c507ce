"""Reads objects and folders of S3: signed, many at once, patient where S3 throttles."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as NoConnectionError

from integrity.s3.connection import Connection
from integrity.s3.endpoint import Endpoint, find_endpoint
from integrity.s3.gate import Gate
from integrity.s3.signing import encoded_path, encoded_query, signed_headers

T = TypeVar("T")

AT_ONCE = 256
"""How many requests are in flight."""
_THROTTLED = {429, 503}
_NO_ANSWER = 0
_SERVER_FAULTS = {_NO_ANSWER, 500, 502, 504}
_ELSEWHERE = {301, 307, 400}
_KEPT = 60.0
"""Seconds for which credentials are used before botocore is asked whether to renew them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a request is tried again.

    Attributes:
        tries: for one without an answer, or with one that blames the server.
        throttled: seconds for which S3 may ask it to slow down.
        first_wait: seconds before it is sent again; twice as many before the next time.
        longest_wait: the most of them.
    """

    tries: int = 8
    throttled: float = 300.0
    first_wait: float = 0.2
    longest_wait: float = 20.0


class ObjectStore:
    """Objects and folders of the buckets that one session reaches.

    Attributes:
        requests: how many were sent.
    """

    def __init__(  # noqa: PLR0913 - a session, and how it is used
        self,
        client: Callable[[str], Any],
        region: str,
        credentials: Any,  # noqa: ANN401 - botocore has no types
        *,
        ca_bundle: str | None = None,
        at_once: int = AT_ONCE,
        patience: Patience = Patience(),
    ) -> None:
        """Read as one session's principal.

        Args:
            client: gives a boto3 client of S3 in a region.
            region: where the buckets are.
            credentials: botocore's, which renews them.
            ca_bundle: the certificates to trust; None for botocore's own.
            at_once: how many requests may be in flight.
            patience: how long a request is tried again.
        """
        self.requests = 0
        self._client = client
        self._region = region
        self._ca_bundle = ca_bundle
        self._gate = Gate(at_once)
        self._patience = patience
        self._source = credentials
        self._credentials: ReadOnlyCredentials | None = None
        self._asked = 0.0
        self._renewing = asyncio.Lock()
        self._finding = asyncio.Lock()
        self._endpoints: dict[str, Endpoint] = {}
        self._idle: dict[Endpoint, list[Connection]] = {}

    async def get(
        self, bucket: str, key: str, read: Callable[[Connection], Awaitable[T]], *, urgent: bool
    ) -> T:
        """Read an object.

        Args:
            bucket: the bucket.
            key: the key.
            read: reads headers and body; it is called again where the connection is lost.
            urgent: whether it goes before what is not.

        Raises:
            ClientError: AWS refused.
            BotoCoreError: AWS cannot be reached, or there are no credentials.
        """
        return await self._ask(bucket, key, {}, "GetObject", read, urgent=urgent)

    async def children(self, bucket: str, prefix: str) -> AsyncGenerator[tuple[str, bool]]:
        """The names right below a prefix, and whether each is a folder.

        The empty object that a console makes for a folder, or CloudTrail for its own, is none.

        Raises:
            ClientError: AWS refused.
            BotoCoreError: AWS cannot be reached, or there are no credentials.
        """
        query = {"list-type": "2", "prefix": prefix, "delimiter": "/", "encoding-type": "url"}
        while True:
            page = await self._ask(bucket, "", query, "ListObjectsV2", _page, urgent=False)
            # XML does not have every character that a key may have.
            decoded = unquote_plus if page.findtext("{*}EncodingType") == "url" else str
            for found in page.iterfind("{*}CommonPrefixes/{*}Prefix"):
                yield decoded(found.text or "").removeprefix(prefix).removesuffix("/"), True
            for found in page.iterfind("{*}Contents"):
                key = decoded(found.findtext("{*}Key", ""))
                if key != prefix or found.findtext("{*}Size") != "0":
                    yield key.removeprefix(prefix), False
            if page.findtext("{*}IsTruncated") != "true":
                return
            query["continuation-token"] = page.findtext("{*}NextContinuationToken", "")

    def close(self) -> None:
        """Close what is connected."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    async def _ask(  # noqa: PLR0913 - a request
        self,
        bucket: str,
        key: str,
        query: Mapping[str, str],
        operation: str,
        read: Callable[[Connection], Awaitable[T]],
        *,
        urgent: bool,
    ) -> T:
        started, tries, moved = time.monotonic(), 0, False
        while True:
            endpoint = await self._endpoint(bucket)
            problem: Exception
            await self._gate.enter(urgent=urgent)
            connection = None
            try:
                connection = await self._connection(endpoint)
                await self._send(connection, endpoint, key, query)
                status = connection.status
                if status == 200:  # noqa: PLR2004 - OK
                    answer = await read(connection)
                    self._gate.answered()
                    return answer
                region = connection.headers.get("x-amz-bucket-region")
                problem = await _refusal(connection, operation)
            except OSError as error:
                status, region = _NO_ANSWER, None
                problem = NoConnectionError(error=f"{endpoint.authority}: {error}")
            finally:
                self._gate.leave()
                if connection is not None:
                    self._release(endpoint, connection)
            tries += 1
            if status in _ELSEWHERE and region and region != endpoint.region and not moved:
                moved = True
                await self._move(bucket, endpoint, region)
                continue
            if status in _THROTTLED:
                self._gate.slow_down()
                gives_up = time.monotonic() - started > self._patience.throttled
            else:
                gives_up = tries >= self._patience.tries or status not in _SERVER_FAULTS
            if gives_up:
                raise problem
            wait = min(self._patience.longest_wait, self._patience.first_wait * 2 ** (tries - 1))
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - no secret

    async def _send(
        self, connection: Connection, endpoint: Endpoint, key: str, parameters: Mapping[str, str]
    ) -> None:
        path = f"{endpoint.base}/{encoded_path(key)}"
        query = encoded_query(parameters)
        headers = signed_headers(
            await self._current_credentials(),
            host=endpoint.authority,
            path=path,
            query=query,
            region=endpoint.region,
        )
        target = f"{path}?{query}" if query else path
        if endpoint.proxy and not endpoint.tls:
            target = f"http://{endpoint.authority}{target}"
            headers |= endpoint.proxy.headers
        self.requests += 1
        await connection.request(target, headers)

    async def _connection(self, endpoint: Endpoint) -> Connection:
        idle = self._idle.setdefault(endpoint, [])
        while idle:
            kept = idle.pop()
            if kept.reusable:
                return kept
        return await _connect(endpoint)

    def _release(self, endpoint: Endpoint, connection: Connection) -> None:
        if connection.reusable:
            self._idle[endpoint].append(connection)
        else:
            connection.close()

    async def _endpoint(self, bucket: str) -> Endpoint:
        if bucket not in self._endpoints:
            async with self._finding:
                if bucket not in self._endpoints:
                    self._endpoints[bucket] = await self._find(bucket, self._region)
        return self._endpoints[bucket]

    async def _move(self, bucket: str, refused: Endpoint, region: str) -> None:
        """Ask in another region for a bucket that S3 says is there."""
        async with self._finding:
            if self._endpoints[bucket] is refused:
                self._endpoints[bucket] = await self._find(bucket, region)

    async def _find(self, bucket: str, region: str) -> Endpoint:
        return await asyncio.to_thread(
            lambda: find_endpoint(self._client(region), bucket, self._ca_bundle)
        )

    async def _current_credentials(self) -> ReadOnlyCredentials:
        if self._credentials and time.monotonic() - self._asked < _KEPT:
            return self._credentials
        async with self._renewing:
            if self._source is None:
                raise NoCredentialsError
            current = self._credentials
            if current is None or time.monotonic() - self._asked >= _KEPT:
                # It may ask STS, an identity provider or the instance's metadata.
                current = await asyncio.to_thread(self._source.get_frozen_credentials)
                self._credentials, self._asked = current, time.monotonic()
            return current


async def _connect(endpoint: Endpoint) -> Connection:
    loop = asyncio.get_running_loop()
    if endpoint.proxy is None:
        _, connection = await loop.create_connection(
            Connection, endpoint.host, endpoint.port, ssl=endpoint.tls
        )
        return connection
    proxy = endpoint.proxy
    _, connection = await loop.create_connection(Connection, proxy.host, proxy.port)
    if endpoint.tls:
        target = f"{endpoint.host}:{endpoint.port}"
        await connection.request(target, {"host": target, **proxy.headers}, method="CONNECT")
        if connection.status != 200:  # noqa: PLR2004 - OK
            connection.close()
            raise ConnectionError(f"the proxy {proxy.host} answered {connection.status}")
        await connection.start_tls(endpoint.tls, endpoint.host)
    return connection


async def _page(connection: Connection) -> ET.Element:
    body = await connection.read_whole(_LARGEST_PAGE)
    try:
        return ET.fromstring(body or b"")  # noqa: S314 - S3's own answer; expat limits expansion
    except ET.ParseError as error:
        raise ConnectionError(f"S3's answer is no XML: {error}") from None


_LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes: a thousand keys of a thousand bytes, each encoded threefold, are 3 MB."""


async def _refusal(connection: Connection, operation: str) -> ClientError:
    """What boto3 would raise for an answer."""
    code, message = str(connection.status), ""
    try:
        body = await connection.read_whole(_LARGEST_PAGE)
        answer = ET.fromstring(body or b"")  # noqa: S314 - as above
        code, message = answer.findtext("{*}Code", code), answer.findtext("{*}Message", "")
    except ET.ParseError:
        pass
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": connection.status},
        },
        operation,
    )
