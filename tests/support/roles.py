"""Acting as a role of the sandbox's organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws.identity import Credentials
from sandbox.clients import client

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.session import Sandbox

REGION = "us-east-1"


def assume(sandbox: Sandbox, role: str) -> Callable[[str], Any]:
    """Clients, by service, of a role that the security account's administrator assumes by ARN."""
    sts: Any = sandbox.session("security").client("sts")
    key = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    token = key["SessionToken"]
    return lambda service: client(service, sandbox.endpoint, REGION, credentials, token)
