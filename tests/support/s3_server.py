"""A server that answers as S3 and CloudTrail do, as far as log validation asks: fast, on purpose.

Moto spends milliseconds on a request, and knows no throttling. This one holds objects in memory,
answers after a set time, and fails as it is asked to. ``python -m tests.support.s3_server`` serves
a synthetic organization until its standard input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import sys
import threading
from bisect import bisect_right
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.support.digests import (
    BUCKET,
    ORGANIZATION,
    TRAIL_ARN,
    Chain,
    fingerprint,
    public_key,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Generator, Mapping

COUNTERS: Final = "-"
"""The path that answers how many requests there were."""
_PAGE: Final = 1000
_ACCOUNT: Final = "{:012}"
_TRAIL: Final = {"TrailARN": TRAIL_ARN, "S3BucketName": BUCKET, "IsOrganizationTrail": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the server was asked.

    Attributes:
        method: GET or POST.
        bucket: the bucket; empty where the request names none.
        key: the key; empty where the request names none.
        query: the query's parameters.
        headers: by name, in lower case.
        body: what was sent.
    """

    method: str
    bucket: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer.

    Attributes:
        status: its HTTP status.
        body: what it says.
        headers: more headers.
        reset: break the connection in place of an answer.
        cut: break it after so many bytes of the body.
        raw: what is written in place of HTTP.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    reset: bool = False
    cut: int | None = None
    raw: bytes | None = None


def error(status: int, code: str, message: str = "as the test says") -> Response:
    """An error as S3 writes one."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(status=status, body=body.encode(), headers={"Content-Type": "application/xml"})


class S3Server:
    """Objects of any bucket, and how they are answered.

    Attributes:
        objects: body and user metadata by key.
        delay: seconds before each answer.
        fault: asked before each answer; what it returns is the answer, unless it is None.
        requests: how many there were, by kind.
        refused: how many a fault answered.
        at_once: how many wait for an answer.
        most_at_once: how many waited at one time.
        endpoint: its URL, while it serves.
        connections: those that are open.
    """

    def __init__(self, delay: float = 0.0) -> None:
        """Hold nothing."""
        self.objects: dict[str, tuple[bytes, Mapping[str, str]]] = {}
        self.delay = delay
        self.fault: Callable[[Request], Response | None] = lambda _request: None
        self.requests = Counter[str]()
        self.most_at_once = 0
        self.at_once = 0
        self.refused = 0
        self.endpoint = ""
        self.connections = set[Any]()
        self._sorted: list[str] | None = None

    # What `Chain` asks of a client of S3.

    def put_object(
        self,
        *,
        Key: str,  # noqa: N803 - boto3's names
        Body: bytes,  # noqa: N803
        Bucket: str = BUCKET,  # noqa: N803
        Metadata: Mapping[str, str] | None = None,  # noqa: N803
    ) -> None:
        """Store an object."""
        del Bucket
        self.objects[Key] = Body, Metadata or {}
        self._sorted = None

    def get_object(self, *, Key: str, Bucket: str = BUCKET) -> dict[str, Any]:  # noqa: N803
        """Body and metadata of an object."""
        del Bucket
        body, metadata = self.objects[Key]
        return {"Body": BytesIO(body), "Metadata": metadata}

    def copy_object(self, *, Key: str, CopySource: Mapping[str, str], Bucket: str = BUCKET) -> None:  # noqa: N803
        """Copy an object with its metadata."""
        del Bucket
        self.objects[Key] = self.objects[CopySource["Key"]]
        self._sorted = None

    def delete_object(self, *, Key: str, Bucket: str = BUCKET) -> None:  # noqa: N803
        """Forget an object."""
        del Bucket
        self.objects.pop(Key, None)
        self._sorted = None

    def answer(self, request: Request) -> Response:
        """The answer to a request."""
        if failed := self.fault(request):
            self.refused += 1
            return failed
        if request.method == "POST":
            return self._cloudtrail(request)
        if request.bucket == COUNTERS:
            return Response(body=json.dumps(self.requests).encode())
        if request.key:
            self.requests["get"] += 1
            return self._object(request.key)
        if "location" in request.query:
            return Response(body=b"<LocationConstraint/>")
        self.requests["list"] += 1
        return self._listing(request.query)

    def _cloudtrail(self, request: Request) -> Response:
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        self.requests[operation] += 1
        value = base64.b64encode(public_key()).decode()
        answers = {
            "ListPublicKeys": {"PublicKeyList": [{"Fingerprint": fingerprint(), "Value": value}]},
            "DescribeTrails": {"trailList": [_TRAIL]},
            "DescribeOrganization": {"Organization": {"Id": ORGANIZATION}},
        }
        headers = {"Content-Type": "application/x-amz-json-1.1"}
        return Response(body=json.dumps(answers[operation]).encode(), headers=headers)

    def _object(self, key: str) -> Response:
        if key not in self.objects:
            return error(404, "NoSuchKey", "The specified key does not exist.")
        body, metadata = self.objects[key]
        headers = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
        return Response(body=body, headers=headers)

    def _listing(self, query: Mapping[str, str]) -> Response:
        """A page of ListObjectsV2, or of ListObjects."""
        if self._sorted is None:
            self._sorted = sorted(self.objects)
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
        url = query.get("encoding-type") == "url"
        encoded = quote_plus if url else escape
        start = query.get("continuation-token") or query.get("marker") or ""
        at = bisect_right(self._sorted, max(start, prefix[:-1]))
        entries: list[str] = []
        last = ""
        while at < len(self._sorted) and len(entries) < _PAGE:
            last = self._sorted[at]
            at += 1
            if not last.startswith(prefix):
                if last > prefix:
                    at = len(self._sorted)
                continue
            folder, found, _ = last[len(prefix) :].partition(delimiter) if delimiter else ("",) * 3
            if found:
                name = encoded(prefix + folder + delimiter)
                entries.append(f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>")
                last = prefix + folder + chr(ord(delimiter) + 1)
                at = bisect_right(self._sorted, last)
            else:
                size = len(self.objects[last][0])
                entries.append(
                    f"<Contents><Key>{encoded(last)}</Key><Size>{size}</Size></Contents>"
                )
        more = len(entries) == _PAGE and at < len(self._sorted)
        token = f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" if more else ""
        body = (
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}"
            f"{'<EncodingType>url</EncodingType>' * url}{''.join(entries)}</ListBucketResult>"
        )
        return Response(body=body.encode(), headers={"Content-Type": "application/xml"})


class _Connection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, server: S3Server) -> None:
        self._server = server
        self._received = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._server.connections.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._server.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        if len(rest) < int(headers.get("content-length", 0)):
            return
        self._received = b""
        method, target, _ = first.split(" ")
        url = urlsplit(target)
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        query = {
            name: value for name, [value, *_] in parse_qs(url.query, keep_blank_values=True).items()
        }
        request = Request(
            method=method, bucket=bucket, key=key, query=query, headers=headers, body=rest
        )
        self._server.at_once += 1
        self._server.most_at_once = max(self._server.most_at_once, self._server.at_once)
        loop = asyncio.get_running_loop()
        loop.call_later(self._server.delay, self._answer, request)

    def _answer(self, request: Request) -> None:
        self._server.at_once -= 1
        answer = self._server.answer(request)
        if self._transport.is_closing():
            return
        if answer.reset:
            self._transport.abort()
            return
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {answer.status} as asked\r\n{lines}\r\n".encode()
        self._transport.write(answer.raw or head + answer.body[: answer.cut])
        if answer.raw or answer.cut is not None:
            self._transport.close()


async def _listen(server: S3Server, tls: ssl.SSLContext | None = None) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: _Connection(server), "127.0.0.1", 0, backlog=2048, ssl=tls
    )


@contextmanager
def serving(server: S3Server, tls: ssl.SSLContext | None = None) -> Generator[S3Server]:
    """Serve from a thread."""
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(_listen(server, tls))
    port = listening.sockets[0].getsockname()[1]
    server.endpoint = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server
    loop.call_soon_threadsafe(_stop, server, listening)
    thread.join()
    loop.close()


def _stop(server: S3Server, listening: asyncio.Server) -> None:
    listening.close()
    for transport in server.connections:
        transport.abort()
    # After what aborting has called.
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, loop.stop)


def fill(server: S3Server, accounts: int, regions: list[str], hours: int, logs: int) -> None:
    """Store the digests and log files of an organization."""
    for account in range(1, accounts + 1):
        for region in regions:
            chain = Chain(server, account=_ACCOUNT.format(account), region=region, logs_each=logs)
            chain.deliver(hours)


async def _serve(server: S3Server) -> None:
    listening = await _listen(server)
    print(listening.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what the caller reads
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve a synthetic organization; print the port."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=12)
    parser.add_argument("--regions", nargs="+", default=["us-east-1"])
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--logs", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0.03)
    asked = parser.parse_args()
    server = S3Server(delay=asked.delay)
    fill(server, asked.accounts, asked.regions, asked.hours, asked.logs)
    asyncio.run(_serve(server))


if __name__ == "__main__":
    main()
