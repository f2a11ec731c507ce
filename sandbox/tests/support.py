"""What the sandbox's tests say often."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.identity import Credentials
from sandbox.clients import Client, client
from sandbox.engine.found import NoPulumi
from sandbox.organization import BREAK_GLASS_ROLE, role_arn
from sandbox.session import Sandbox
from sandbox.tests.limits import PATIENCE

Clients = Callable[..., Client]
"""Gives the boto3 client of a service, a profile (``management``) and a region (``us-east-1``)."""


_SHARED: list[Sandbox] = []


@contextmanager
def shared_sandbox() -> Generator[Sandbox]:
    """The one sandbox of this process, which the first to ask starts and stops."""
    if _SHARED:
        yield _SHARED[0]
        return
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        _SHARED.append(running)
        try:
            yield running
        finally:
            _SHARED.clear()


def assume(sandbox: Sandbox, role: str, region: str = "us-east-1") -> Callable[[str], Client]:
    """Clients, by service, of a role that the security account's administrator assumes by ARN.

    That administrator may be the deploying role, which guardrails keep from becoming break-glass:
    another one does.
    """
    home = sandbox.session("security").client
    if role.endswith(f":role/{BREAK_GLASS_ROLE}"):
        account = role.split(":")[4]
        with suppress(home("iam").exceptions.EntityAlreadyExistsException):
            home("iam").create_role(
                RoleName=_PERSON,
                AssumeRolePolicyDocument=document(
                    {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
                ),
            )
            home("iam").attach_role_policy(
                RoleName=_PERSON, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
            )
        person = _of_role(sandbox, home("sts"), role_arn(account, _PERSON), region)
        return _of_role(sandbox, person("sts"), role, region)
    return _of_role(sandbox, home("sts"), role, region)


_PERSON = "Person"


def _of_role(sandbox: Sandbox, sts: Any, role: str, region: str) -> Callable[[str], Client]:
    key = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    token = key["SessionToken"]
    return lambda service: client(service, sandbox.endpoint, region, credentials, token)


def document(*statements: Mapping[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    principal: object, action: object, resource: object = "*", **more: object
) -> dict[str, Any]:
    """A statement that allows."""
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        **more,
    }


def deny(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    """A statement that denies all principals."""
    return {**allow("*", action, resource, **more), "Effect": "Deny"}


def identity_token(**claims: object) -> str:
    """A JSON Web Token with these claims, which no one signed; by default it holds for an hour."""
    claims = {"exp": int(time.time()) + 3600} | claims
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


def run_script(script: str, **environment: str) -> str:
    """What a script prints, in a process of its own: there is one sandbox in each.

    It must succeed and say nothing on stderr; the tests' own AWS settings are not its.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def fetch(url: str) -> tuple[int, bytes]:
    """Status and body of a page of the sandbox."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def refused(code: str, message: str = "") -> Generator[None]:
    """The block is refused by AWS, with an error code and a message that has this text."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert (error["Code"], message in error["Message"]) == (code, True), caught.value
