"""Making AWS fail."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NoReturn

from botocore.exceptions import ClientError

from sandbox.plugin.provider import Provider


@contextmanager
def failing(provider: Provider, service: str, operation: str, code: str) -> Generator[None]:
    """Within the block, an operation fails for a provider with an error code of AWS's."""
    events = provider.account.client(service, "us-east-1").meta.events

    def fail(model: Any, **_: object) -> NoReturn:
        error = {"Error": {"Code": code, "Message": "made\nto fail"}}
        raise ClientError(error, model.name)

    name = f"before-call.*.{operation}"
    events.register(name, fail)
    try:
        yield
    finally:
        events.unregister(name, fail)
