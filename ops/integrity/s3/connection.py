"""One kept HTTP/1.1 connection, for requests without a body, one after the other."""

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping
from typing import Any

import httptools

SILENCE = 60.0
"""Seconds without a byte after which a connection is given up, as in botocore."""
_BUFFERED = 256 * 1024
"""Bytes of a body that wait for the reader, before the connection is not read any more."""


class Connection(asyncio.Protocol):
    """A connection; one request at a time.

    Attributes:
        status: of the last answer.
        headers: of the last answer, by name in lower case.
        buffered: bytes of the body that came and were not read yet.
    """

    def __init__(self) -> None:
        """Make one; an event loop connects it."""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.buffered = 0
        self._transport: Any = None
        self._parser: Any = None
        self._answered = True
        self._complete = True
        self._lost: Exception | None = None
        self._chunks: deque[bytes] = deque()
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent."""
        return self._complete and self._lost is None and not self._transport.is_closing()

    async def request(self, target: str, headers: Mapping[str, str], method: str = "GET") -> None:
        """Send a request, and wait for the headers of its answer.

        Raises:
            OSError: the connection was lost, or nothing came for `SILENCE` seconds.
        """
        self._answered = self._complete = False
        self.headers = {}
        self._chunks.clear()
        self.buffered = 0
        self._parser = httptools.HttpResponseParser(self)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._transport.write(f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode())
        while not self._answered:
            await self._news()
        self.status = self._parser.get_status_code()

    async def read(self) -> bytes:
        """The next piece of the answer's body; empty at its end.

        Raises:
            OSError: the connection was lost, or nothing came for `SILENCE` seconds.
        """
        while not self._chunks:
            if self._complete:
                return b""
            await self._news()
        chunk = self._chunks.popleft()
        self.buffered -= len(chunk)
        if self._paused and self.buffered < _BUFFERED:
            self._paused = False
            self._transport.resume_reading()
        return chunk

    async def read_whole(self, at_most: int) -> bytes | None:
        """The answer's body; None where it has more bytes than ``at_most``.

        Raises:
            OSError: the connection was lost, or nothing came for `SILENCE` seconds.
        """
        pieces: list[bytes] = []
        size = 0
        while piece := await self.read():
            pieces.append(piece)
            size += len(piece)
            if size > at_most:
                return None
        return b"".join(pieces)

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on, through a proxy that was asked to connect to a host."""
        self._complete = True
        loop = asyncio.get_running_loop()
        self._transport = await loop.start_tls(self._transport, self, context, server_hostname=host)

    def close(self) -> None:
        """Give it up."""
        self._transport.abort()

    async def _news(self) -> None:
        if self._lost is not None:
            raise self._lost
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        silence = loop.call_later(SILENCE, self._silent)
        try:
            await self._waiter
        finally:
            silence.cancel()
            self._waiter = None

    def _silent(self) -> None:
        self._lost = TimeoutError(f"nothing came for {SILENCE:.0f} seconds")
        self.close()
        self._tell()

    def _tell(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to the other end."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        if self._complete:  # nothing was asked
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._lost = ConnectionError(f"this is no HTTP: {error}")
            self.close()
        if self.buffered > _BUFFERED and not self._complete:
            self._paused = True
            self._transport.pause_reading()
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to the reader."""
        if self._lost is None:
            self._lost = (
                exc
                if isinstance(exc, OSError)
                else ConnectionResetError("the connection was closed before the answer's end")
            )
        self._tell()

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The headers are there; those of a "100 Continue" are not the answer's."""
        self._answered = self._parser.get_status_code() >= 200  # noqa: PLR2004 - HTTP's own

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._chunks.append(body)
        self.buffered += len(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        self._complete = self._answered
        if self._complete and not self._parser.should_keep_alive():
            self._transport.close()
