"""Clients of AWS, with the credentials and the region that the stack's provider uses."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from adoption.planned import Planned
from stacks.lookups.session import AwsClients


class Clients:
    """Clients for the resources of a stack.

    Attributes:
        region: the stack's region.
    """

    def __init__(self, aws: AwsClients) -> None:
        """Use the credentials, region and endpoints of the stack's provider."""
        self._aws = aws
        self.region = aws.region

    def client(self, service: str, of: Planned | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """A client of a service, in the region of a resource or of the stack."""
        region = self.region if of is None else self.region_of(of)
        return self._aws.client(service, region)

    @cached_property
    def caller(self) -> str:
        """The ARN of the credentials."""
        return str(self.client("sts").get_caller_identity()["Arn"])

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
