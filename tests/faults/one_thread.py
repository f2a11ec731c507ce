"""All of a deployment in one thread: program, provider, and AWS.

A process with one thread can be copied at any moment with `os.fork`, and both copies go on from
there. No socket lies between an SDK and the sandbox's AWS, and no SDK waits before it asks again.
"""

from __future__ import annotations

import io
import json
import marshal
import types
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.loaders import JSONFileLoader
from botocore.retries.bucket import TokenBucket
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    import pytest
    from botocore.awsrequest import AWSPreparedRequest


class Line:
    """The way from SDKs to AWS: a middleware of the sandbox that answers in the caller's thread."""

    def __init__(self) -> None:
        self._app: WSGIApplication | None = None

    def __call__(self, app: WSGIApplication) -> WSGIApplication:
        self._app = app
        return app

    def connect(self, patch: pytest.MonkeyPatch) -> None:
        """Let everything run in the thread that asks for it."""
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: _model(path))
        patch.setattr(URLLib3Session, "send", lambda _, request: self._send(request))
        patch.setattr(ThreadPoolExecutor, "submit", _at_once)
        never = types.SimpleNamespace(sleep=lambda _: None)
        patch.setattr(botocore.endpoint, "time", never)
        patch.setattr(TokenBucket, "acquire", lambda *_, **__: True)  # where AWS throttled

    def _send(self, request: AWSPreparedRequest) -> AWSResponse:
        assert self._app is not None, "there is no sandbox"
        try:
            chunks, status, headers = run_wsgi_app(self._app, _environ(request), buffered=True)
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except ConnectionError as error:
            raise ConnectionClosedError(endpoint_url=request.url, error=error) from error
        body = io.BytesIO(b"".join(chunks))
        raw = HTTPResponse(
            body,
            dict(headers.to_wsgi_list()),
            int(status.split()[0]),
            preload_content=False,
            enforce_content_length=False,  # there is none after a HEAD
        )
        return AWSResponse(request.url, raw.status, raw.headers, raw)


_load_file = JSONFileLoader.load_file


def _model(path: str) -> Any:
    """A file of botocore's: each session parses it again, and may change what it gets."""
    return marshal.loads(_marshalled(path))  # noqa: S302 - of this very process


@cache
def _marshalled(path: str) -> bytes:
    return marshal.dumps(json.loads(json.dumps(_load_file(JSONFileLoader(), path))))


def _environ(request: AWSPreparedRequest) -> dict[str, Any]:
    address, body = urlsplit(request.url), request.body or b""
    if not isinstance(body, (str, bytes)):
        body = body.read()
    headers = [
        (name, value.decode() if isinstance(value, bytes) else str(value))
        for name, value in request.headers.items()
    ]
    builder = EnvironBuilder(
        method=request.method,
        path=address.path,
        base_url=f"{address.scheme}://{address.netloc}/",
        query_string=address.query,
        headers=headers,
        data=body.encode() if isinstance(body, str) else body,
    )
    return builder.get_environ()


def _at_once(
    _: ThreadPoolExecutor, function: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Future[Any]:
    """A pool's `submit` that runs the function before it returns."""
    done = Future[Any]()
    try:
        done.set_result(function(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - as a pool's thread does
        done.set_exception(error)
    return done
