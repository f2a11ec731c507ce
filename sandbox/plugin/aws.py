"""The AWS account that a provider instance works in."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import cache, cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

import botocore.exceptions
import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from botocore.loaders import Loader
    from botocore.session import Session

T = TypeVar("T")

_SERVICE = "ServiceId"
_OPERATION = "asked_operation"


class NotEmulatedError(Exception):
    """The sandbox's AWS has no such operation."""


AwsError = (
    botocore.exceptions.BotoCoreError,
    botocore.exceptions.ClientError,
    NotEmulatedError,
)
"""What a call to AWS raises."""

# The endpoint is on this machine: what fails once fails again.
_CONFIG = Config(
    retries={"total_max_attempts": 2, "mode": "standard"},
    s3={"addressing_style": "path"},  # a loopback address has no subdomains for buckets
    connect_timeout=5,
    read_timeout=60,
)


MODELS: Final[set[str]] = set()
"""The services whose models this process has loaded."""


@cache
def _loader(data_path: str | None) -> Loader:
    """A loader of AWS's models, which parses each once in a process."""
    return create_loader(data_path)


def new_session(profile: str | None = None) -> Session:
    """A session with the credentials of a profile, or of the environment."""
    session = botocore.session.Session(profile=profile)
    session.register_component("data_loader", _loader(os.environ.get("AWS_DATA_PATH")))
    return session


def load_model(service: str) -> None:
    """Load the model of a service, as its first client would."""
    session = new_session()
    session.set_credentials("none", "none")
    session.create_client(service, region_name="us-east-1", config=_CONFIG)
    MODELS.add(service)


class Account:
    """An AWS account, as one set of credentials sees it. Safe to use from several threads."""

    def __init__(self, session: Session, region: str) -> None:
        """Work with a session's credentials.

        Args:
            session: the credentials.
            region: the provider's region.
        """
        self.region = region
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 - made at run time
        """The botocore client of a service in a region, made at the first call."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                client = self._session.create_client(service, region_name=region, config=_CONFIG)
                client.meta.events.register("before-parse", _refuse_web_page)
                client.meta.events.register("after-call", _note_service)
                _note_operation(client)
                self._clients[key] = client
                MODELS.add(service)
            return self._clients[key]

    def partition_of(self, region: str) -> str:
        """The partition of a region: `aws`, `aws-us-gov`, `aws-cn`.

        Raises:
            UnknownRegionError: AWS has no such region.
        """
        return self._session.get_partition_for_region(region)

    @cached_property
    def partition(self) -> str:
        """The partition of the provider's region."""
        return self.partition_of(self.region)

    @cached_property
    def identity(self) -> dict[str, str]:
        """What STS GetCallerIdentity says: `Account`, `Arn`, `UserId`."""
        return self.client("sts", self.region).get_caller_identity()

    @property
    def account_id(self) -> str:
        """The account's id, twelve digits."""
        return self.identity["Account"]


def error_code(error: BaseException) -> str:
    """The code of an AWS error, such as `NoSuchBucket`; empty for any other error."""
    if isinstance(error, botocore.exceptions.ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def find(call: Callable[[], T], *absent: str) -> T | None:
    """What a call answers, or None if it fails with one of the codes that mean "there is none"."""
    try:
        return call()
    except botocore.exceptions.ClientError as error:
        if error_code(error) not in absent:
            raise
        return None


@contextmanager
def ignoring(*codes: str) -> Generator[None]:
    """Treat AWS errors with these codes as success: the object is already deleted."""
    try:
        yield
    except botocore.exceptions.ClientError as error:
        if error_code(error) not in codes:
            raise


def describe(error: BaseException) -> str:
    """An AWS error in one line, as the AWS SDK of the real provider words it."""
    if not isinstance(error, botocore.exceptions.ClientError):
        asked = getattr(error, _OPERATION, "")
        start = f"operation error {asked}, request send failed, " if asked else ""
        return start + " ".join(str(error).split())
    details = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    service, status = metadata.get(_SERVICE, "AWS"), metadata.get("HTTPStatusCode")
    code, message = str(details.get("Code", "")), " ".join(str(details.get("Message", "")).split())
    if status == HTTPStatus.NOT_IMPLEMENTED:
        return message  # the sandbox's AWS says itself what it lacks
    return (
        f"operation error {service}: {error.operation_name}, https response error "
        f"StatusCode: {status}, api error {code}: {message}"
    )


def _note_operation(client: Any) -> None:  # noqa: ANN401 - made at run time
    """Leave the operation's name in an error about an answer that never came."""
    call, service = client._make_api_call, client.meta.service_model.service_id  # noqa: SLF001

    def make(operation: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401 - an answer
        try:
            return call(operation, arguments)
        except botocore.exceptions.BotoCoreError as error:
            setattr(error, _OPERATION, f"{service}: {operation}")
            raise

    client._make_api_call = make  # noqa: SLF001


def _refuse_web_page(
    operation_model: Any,  # noqa: ANN401 - a botocore.model.OperationModel
    response_dict: dict[str, Any],
    **_: object,
) -> None:
    """Recognise the web server's own error page: moto has no such operation, or broke over it.

    Raised before botocore parses, and retries, what is no answer of AWS.
    """
    status, body = response_dict["status_code"], response_dict["body"]
    if status >= HTTPStatus.BAD_REQUEST and body[:14].lower() == b"<!doctype html":
        action = f"{operation_model.service_model.endpoint_prefix}:{operation_model.name}"
        raise NotEmulatedError(f"{action} is not emulated here: the sandbox's AWS answers {status}")


def _note_service(
    parsed: dict[str, Any],
    model: Any,  # noqa: ANN401 - a botocore.model.OperationModel
    **_: object,
) -> None:
    """Leave the service's name in an answer: botocore's errors know only the operation's."""
    parsed.setdefault("ResponseMetadata", {})[_SERVICE] = model.service_model.service_id
