"""Clients of AWS, with the credentials and the region that the stack's provider uses."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from adoption.planned import Planned


def session_for(config: Mapping[str, str]) -> boto3.Session:
    """A session with the credentials of the stack's provider.

    Args:
        config: the stack's config as `pulumi preview --json` has it: `aws:profile`, `aws:region`,
            and `aws:assumeRoles`, which are assumed one after the other
            (https://www.pulumi.com/registry/packages/aws/api-docs/provider/).

    Raises:
        ClientError: a role cannot be assumed.
    """
    region = config.get("aws:region")
    session = boto3.Session(profile_name=config.get("aws:profile"), region_name=region)
    for role in json.loads(config.get("aws:assumeRoles") or "[]"):
        optional = {"ExternalId": role["externalId"]} if role.get("externalId") else {}
        key = session.client("sts").assume_role(
            RoleArn=role["roleArn"],
            RoleSessionName=role.get("sessionName") or "cloudtrail-guard-adopt",
            **optional,
        )["Credentials"]
        session = boto3.Session(
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key["SessionToken"],
            region_name=region,
        )
    return session


class Clients:
    """Clients for the resources of a stack.

    Attributes:
        region: the stack's region.
    """

    def __init__(self, session: boto3.Session) -> None:
        """Use a session's credentials and region."""
        self._session = session
        self.region = str(session.region_name)

    def client(self, service: str, of: Planned | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """A client of a service, in the region of a resource or of the stack."""
        region = self.region if of is None else self.region_of(of)
        return self._session.client(service, region_name=region)  # type: ignore[call-overload]

    def region_of(self, planned: Planned) -> str:
        """The region of a resource: its own, as that of a replica, or the stack's."""
        return str(planned.inputs.get("region") or self.region)


def ask(call: Callable[..., Any], **arguments: str) -> dict[str, Any] | None:
    """AWS's answer, or None when it says that there is no such thing."""
    try:
        return dict(call(**arguments))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code.startswith("NoSuch") or "NotFound" in code:
            return None
        raise
