"""TLS and proxies, with real sockets."""

import asyncio
import ssl
import threading
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from integrity.s3.objects import Patience

from tests.support.digests import BUCKET
from tests.support.s3_server import S3Server, serving
from tests.support.stores import reading

ONCE = Patience(tries=1)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def get(s3: S3Server, **options: Any) -> bytes:
    async def ask() -> bytes:
        with reading(s3, patience=ONCE, **options) as store:
            return await store.get(BUCKET, "k", lambda answer: answer.read(), urgent=False)

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own authority, for localhost, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Generator[S3Server]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(S3Server(), tls) as server:
        server.put_object(Key="k", Body=b"content")
        yield server


class ConnectProxy(asyncio.Protocol):
    """A proxy that connects its client with where it asks for, and keeps the question."""

    asked: bytes = b""
    answer = b"HTTP/1.1 200 Connection established\r\n\r\n"

    @classmethod
    async def serve(cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cls.asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(cls.answer)
        if b" 200 " in cls.answer:
            port = int(cls.asked.split(b" ")[1].rpartition(b":")[2])
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(cls.copy(reader, back), cls.copy(there, writer))
        writer.close()

    @staticmethod
    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                target.write(data)
        except ConnectionError:
            pass
        target.close()


@pytest.fixture
def proxy() -> Generator[str]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(ConnectProxy.serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def stop() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others) if others else None
        loop.call_soon(loop.call_soon, loop.stop)

    asyncio.run_coroutine_threadsafe(stop(), loop)
    thread.join()
    loop.close()


@pytest.mark.parametrize("by", ["setting", "REQUESTS_CA_BUNDLE"])
def test_tls_trusts_the_bundle_that_the_settings_name(
    secure: S3Server, certificate: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "REQUESTS_CA_BUNDLE":
        monkeypatch.setenv(by, str(certificate))

    assert get(secure, ca_bundle=str(certificate) if by == "setting" else None) == b"content"


def test_a_certificate_that_no_trusted_authority_signed_is_refused(secure: S3Server) -> None:
    with pytest.raises(BotoCoreError, match="CERTIFICATE_VERIFY_FAILED"):
        get(secure)


def test_tls_goes_through_a_proxy_that_sees_the_host_alone(
    secure: S3Server, certificate: Path, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{proxy}")

    assert get(secure, ca_bundle=str(certificate)) == b"content"
    host = secure.endpoint.removeprefix("https://").encode()
    assert ConnectProxy.asked.startswith(b"CONNECT " + host + b" HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n" in ConnectProxy.asked
    assert b"AWS4" not in ConnectProxy.asked


def test_a_proxy_that_refuses_is_named(
    secure: S3Server, certificate: Path, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}")
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    monkeypatch.setattr(ConnectProxy, "answer", refusal)

    with pytest.raises(BotoCoreError, match=r"the proxy 127\.0\.0\.1 answered 407"):
        get(secure, ca_bundle=str(certificate))


def test_plain_http_goes_through_a_proxy_with_the_whole_url(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", s3.endpoint)
    s3.put_object(Key="k", Body=b"content")
    client: Any = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="http://s3.example.com",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )

    assert get(s3, client=lambda _region: client) == b"content"
