"""moto as a server in this process, with the patches in front of it."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.organizations.models import organizations_backends
from werkzeug.serving import make_server

from sandbox.aws.dispatcher import Dispatcher
from sandbox.aws.identity import Credentials
from sandbox.aws.patches import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Self
    from wsgiref.types import WSGIApplication

    from werkzeug.serving import BaseWSGIServer

    from sandbox.aws.dispatcher import Around

Middleware: TypeAlias = "Callable[[WSGIApplication], WSGIApplication]"
"""Wraps the sandbox's WSGI application, e.g. to refuse calls before they are carried out."""

ROOT_ACCOUNT_ID = "123456789012"
"""The account that exists from the start; moto's default account."""

_ROOT = Credentials("AKIASANDBOXROOT00000", "sandbox-root-secret-access-key-0000000000")
_HOST = "127.0.0.1"
_SETTINGS = ("AWS_", "BOTO_", "MOTO_")


class _Applications(DomainDispatcherApplication):
    """moto's applications. It would list all its folders for each request."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._backends: dict[str | None, str | None] = {}

    def get_backend_for_host(self, host: str | None) -> str | None:
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]


class _QuietHandler(MotoRequestHandler):
    """Answers without a line in the log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (its name upstream)
        """Say nothing."""


class AwsServer:
    """AWS on a free loopback port, for as long as the context lasts.

    moto keeps its state in module variables: there is one server at a time in a process, and its
    state is gone when it stops. Sandboxes side by side are processes side by side.
    While it runs, the process has no AWS settings but harmless ones: moto makes boto3 sessions of
    its own, which would break on an AWS_PROFILE that names nothing.
    """

    _running: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, middleware: Sequence[Middleware] = (), around: Around | None = None) -> None:
        """Prepare a server.

        Args:
            middleware: what stands in front of the patches; the last one is asked first.
            around: what is asked about each call once it is recognised, such as `sandbox.faults`.
        """
        self._middleware = middleware
        self._around = around
        self._server: BaseWSGIServer | None = None
        self._stack = ExitStack()

    @property
    def endpoint(self) -> str:
        """The endpoint for every AWS service, e.g. ``http://127.0.0.1:40123``.

        Raises:
            RuntimeError: the server is not running.
        """
        if self._server is None:
            raise RuntimeError("the AWS server is not running: use it as a context manager")
        return f"http://{_HOST}:{self._server.server_port}"

    @property
    def root(self) -> Credentials:
        """The access key of the root user of ``ROOT_ACCOUNT_ID``, to start from."""
        return _ROOT

    def __enter__(self) -> Self:
        """Start to serve.

        Raises:
            RuntimeError: another server is running in this process.
        """
        if not self._running.acquire(blocking=False):
            raise RuntimeError(
                "an AWS server is running in this process already; moto's state is the process's, "
                "so start the second one in a process of its own"
            )
        with ExitStack() as stack:
            stack.callback(self._running.release)
            stack.enter_context(_without_aws_settings())
            _forget()
            stack.callback(_forget)
            self._server = stack.enter_context(self._serve())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop, and forget all state."""
        self._server = None
        self._stack.close()

    @contextmanager
    def _serve(self) -> Generator[BaseWSGIServer]:
        moto = _Applications()
        app: WSGIApplication = Dispatcher(moto, REGISTRY, ROOT_ACCOUNT_ID, _ROOT, self._around)
        for wrap in self._middleware:
            app = wrap(app)
        server = make_server(_HOST, 0, app, threaded=True, request_handler=_QuietHandler)
        serve = partial(server.serve_forever, poll_interval=0.05)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def _without_aws_settings() -> Generator[None]:
    """Keep the AWS and moto settings of the environment out of this process."""
    before = _take_settings()
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    try:
        yield
    finally:
        _take_settings()
        os.environ |= before


def _take_settings() -> dict[str, str]:
    """Take the settings out of the environment."""
    names = [name for name in os.environ if name.startswith(_SETTINGS)]
    return {name: os.environ.pop(name) for name in names}


def _forget() -> None:
    """Empty every backend that was used."""
    BackendDict.reset()
    reset_model_data()
    organizations_backends.master_accounts.clear()
