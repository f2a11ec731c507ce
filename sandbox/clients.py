"""boto3 clients and sessions for the sandbox's server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.aws.identity import Credentials

CONFIG = Config(proxies={})
"""How to call the sandbox: no proxy of the environment stands in between."""


class Client(Protocol):
    """A boto3 client: boto3 makes its operations at run time, so any name is one."""

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        """An operation in snake case, e.g. ``describe_trails``."""
        ...


def client(  # noqa: PLR0913 - each is a part of a client
    service: str,
    endpoint: str,
    region: str,
    credentials: Credentials,
    token: str | None = None,
    *,
    config: Config | None = None,
) -> Client:
    """A client of one service.

    Args:
        service: the service's name in boto3.
        endpoint: the endpoint of the sandbox's server.
        region: the region of the calls.
        credentials: the access key.
        token: the session token of temporary credentials.
        config: further settings, such as how often it asks again.
    """
    made = boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=token,
        config=CONFIG if config is None else CONFIG.merge(config),
    )
    return cast("Client", made)
