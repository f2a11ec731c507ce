"""Reading a bucket: what S3 answers, what it refuses, and what the network does."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from integrity.log_file import gzip_hash
from integrity.s3.connection import Connection
from integrity.s3.objects import ObjectStore, Patience

from sandbox.tests.limits import PATIENCE
from tests.support.digests import BUCKET
from tests.support.s3_server import Request, Response, S3Server, error
from tests.support.stores import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

SOON = Patience(tries=4, throttled=PATIENCE, first_wait=0.001, longest_wait=0.01)


def with_store(s3: S3Server, use: Callable[[ObjectStore], Awaitable[T]], **options: Any) -> T:
    async def run() -> T:
        with reading(s3, **{"patience": SOON, **options}) as store:
            return await use(store)

    return asyncio.run(run())


def get(s3: S3Server, key: str, **options: Any) -> bytes | None:
    async def whole(connection: Connection) -> bytes | None:
        return await connection.read_whole(10**9)

    return with_store(s3, lambda store: store.get(BUCKET, key, whole, urgent=False), **options)


def children(s3: S3Server, prefix: str) -> list[tuple[str, bool]]:
    async def ask(store: ObjectStore) -> list[tuple[str, bool]]:
        return [child async for child in store.children(BUCKET, prefix)]

    return with_store(s3, ask)


def first(times: int, answer: Response) -> Callable[[Request], Response | None]:
    """A fault of the first requests."""
    turns: Iterator[int] = count()
    return lambda _request: answer if next(turns) < times else None


@pytest.mark.parametrize("key", ["a", "a b+c%20", "ä/ß", "x/../y", "a//b", "\x1b[2K\r", "q?a=b#c"])
def test_an_object_is_found_under_any_key(s3: S3Server, key: str) -> None:
    s3.put_object(Key=key, Body=b"content")

    assert get(s3, key) == b"content"


def test_the_names_below_a_prefix_are_found_page_by_page_whatever_they_are(s3: S3Server) -> None:
    names = ["\x1b[2K", "a b", "a+b", "a%2Fb", "<&>", *(f"{n:05}" for n in range(1500))]
    for name in names:
        s3.put_object(Key=f"p q/{name}", Body=b"x")
    s3.put_object(Key="p q/folder/deep", Body=b"x")
    s3.put_object(Key="p q/", Body=b"")

    found = children(s3, "p q/")

    assert sorted(found) == sorted([*((name, False) for name in names), ("folder", True)])
    assert s3.requests["list"] == 2


@pytest.mark.parametrize(
    "fault",
    [
        error(503, "SlowDown"),
        error(429, "TooManyRequests"),
        error(500, "InternalError"),
        error(502, "BadGateway"),
        Response(reset=True),
    ],
    ids=["503", "429", "500", "502", "reset"],
)
def test_what_passes_is_tried_again(s3: S3Server, fault: Response) -> None:
    s3.put_object(Key="k", Body=b"content")
    s3.fault = first(3, fault)

    assert get(s3, "k") == b"content"


@pytest.mark.parametrize(
    ("fault", "raised", "said"),
    [
        (error(503, "SlowDown"), ClientError, "SlowDown"),
        (error(500, "InternalError"), ClientError, "InternalError"),
        (Response(reset=True), BotoCoreError, "failed to establish a connection"),
        (Response(status=403), ClientError, "An error occurred \\(403\\)"),
        (
            error(403, "KMS.DisabledException", "the key is disabled"),
            ClientError,
            r"\(KMS.DisabledException\) when calling the GetObject operation: the key is disabled",
        ),
    ],
    ids=["throttled on and on", "broken on and on", "reset on and on", "no reason", "a key"],
)
def test_what_does_not_pass_is_an_error_as_boto3_would_raise_it(
    s3: S3Server, fault: Response, raised: type[Exception], said: str
) -> None:
    s3.fault = lambda request: fault if request.key else None

    with pytest.raises(raised, match=said):
        get(s3, "k", patience=replace(SOON, throttled=0.05))


def test_what_is_refused_is_asked_once(s3: S3Server) -> None:
    asked: list[Request] = []

    def refuse(request: Request) -> Response:
        asked.append(request)
        return error(403, "AccessDenied")

    s3.fault = refuse

    with pytest.raises(ClientError, match="AccessDenied"):
        get(s3, "k")
    assert len(asked) == 1


def test_an_answer_that_ends_early_is_read_again(s3: S3Server) -> None:
    content = bytes(range(256)) * 2000
    s3.put_object(Key="k", Body=content)
    s3.fault = first(2, Response(body=content, cut=100_000))

    assert get(s3, "k") == content


def test_what_is_no_http_is_an_error(s3: S3Server) -> None:
    s3.fault = lambda _request: Response(raw=b"220 ready\r\n\r\n")

    with pytest.raises(BotoCoreError, match="this is no HTTP"):
        get(s3, "k")


def test_a_connection_that_says_nothing_is_given_up(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrity.s3.connection.SILENCE", 0.01)
    s3.delay = 5

    with pytest.raises(BotoCoreError, match="nothing came for 0 seconds"):
        get(s3, "k")


def test_a_compressed_object_is_not_inflated_on_the_way(s3: S3Server) -> None:
    body = gzip.compress(b"content")
    s3.fault = lambda _request: Response(body=body, headers={"Content-Encoding": "gzip"})

    assert get(s3, "k") == body


def test_a_bucket_of_another_region_is_asked_there(s3: S3Server) -> None:
    s3.put_object(Key="k", Body=b"content")
    s3.fault = lambda request: (
        Response(status=301, headers={"x-amz-bucket-region": "eu-west-3"})
        if "/us-east-1/s3/" in request.headers["authorization"]
        else None
    )
    clients: dict[str, Any] = {
        region: boto3.client(
            "s3",
            region_name=region,
            endpoint_url=s3.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        for region in ("us-east-1", "eu-west-3")
    }

    assert get(s3, "k", client=clients.__getitem__) == b"content"


def test_requests_share_as_many_connections_as_are_in_flight(s3: S3Server) -> None:
    s3.delay = 0.005
    keys = [f"k{n}" for n in range(300)]
    for key in keys:
        s3.put_object(Key=key, Body=key.encode())

    async def read(connection: Connection) -> str | None:
        return await gzip_hash(connection.read)

    async def ask(store: ObjectStore) -> int:
        await asyncio.gather(*(store.get(BUCKET, key, read, urgent=True) for key in keys))
        return len(s3.connections)

    assert with_store(s3, ask, at_once=20) == 20
    assert s3.most_at_once == 20


def test_throttling_leaves_fewer_requests_in_flight_and_loses_none(s3: S3Server) -> None:
    """A bucket that takes eight at a time: whatever is above it is refused."""
    s3.delay = 0.002
    refused = count()
    keys = [f"k{n}" for n in range(400)]
    for key in keys:
        s3.put_object(Key=key, Body=key.encode())

    def throttle(_request: Request) -> Response | None:
        if s3.at_once < 8:
            return None
        next(refused)
        return error(503, "SlowDown")

    s3.fault = throttle

    async def whole(connection: Connection) -> bytes | None:
        return await connection.read_whole(100)

    async def ask(store: ObjectStore) -> list[bytes | None]:
        return await asyncio.gather(*(store.get(BUCKET, key, whole, urgent=False) for key in keys))

    patient = Patience(throttled=PATIENCE, first_wait=0.005, longest_wait=0.05)

    async def run() -> list[bytes | None]:
        with reading(s3, patience=patient, at_once=64) as store:
            return await ask(store)

    assert asyncio.run(run()) == [key.encode() for key in keys]
    assert next(refused) > 0


class Rotating:
    """Credentials that are renewed: each time they are asked for, they are others."""

    def __init__(self) -> None:
        self.asked = 0

    def get_frozen_credentials(self) -> Any:
        self.asked += 1
        session = boto3.Session(f"AKID{self.asked}", "secret", "token")
        credentials: Any = session.get_credentials()
        return credentials.get_frozen_credentials()


def test_credentials_are_renewed_by_botocore_and_their_token_is_sent(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrity.s3.objects._KEPT", -1.0)
    seen: list[tuple[str, str]] = []

    def look(request: Request) -> None:
        signed = request.headers["authorization"].split("Credential=")[1].split("/")[0]
        seen.append((signed, request.headers["x-amz-security-token"]))

    s3.fault = look
    s3.put_object(Key="k", Body=b"content")

    async def twice(store: ObjectStore) -> None:
        for _ in range(2):
            await store.get(BUCKET, "k", lambda answer: answer.read(), urgent=False)

    with_store(s3, twice, credentials=Rotating())

    assert seen == [("AKID1", "token"), ("AKID2", "token")]


def test_a_large_object_is_read_as_fast_as_it_is_taken(s3: S3Server) -> None:
    """What is not taken yet is left to the network."""
    size = 30_000_000
    s3.put_object(Key="k", Body=bytes(size))
    most = 0

    async def slowly(connection: Connection) -> int:
        nonlocal most
        read = 0
        while piece := await connection.read():
            read += len(piece)
            await asyncio.sleep(0)
            most = max(most, connection.buffered)
        return read

    def ask(store: ObjectStore) -> Awaitable[int]:
        return store.get(BUCKET, "k", slowly, urgent=True)

    assert with_store(s3, ask) == size
    assert most < 1_000_000
