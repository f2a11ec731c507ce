"""Every operation of every service that is served: patched, passed to moto, or refused."""

from __future__ import annotations

from http.client import HTTPConnection
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.utils import camelcase_to_underscores
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.responses import S3Response

from sandbox.aws.call import Call
from sandbox.aws.enforcement.services import READERS
from sandbox.aws.operations import Support, model_name, operations, support
from sandbox.aws.patches import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

    from botocore.awsrequest import AWSPreparedRequest

    from sandbox.session import Sandbox
    from sandbox.tests.support import Clients

SERVICES = sorted({*READERS, *(patch.service for patch in REGISTRY.patches)} - {"*"})
SAME_REQUEST = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}
"""Old operations of S3 whose requests are those of others."""


SIGNED_OTHERWISE = {"CreateSession", "ListDirectoryBuckets", "WriteGetObjectResponse"}
"""Operations that are signed for another service."""

AS_GIVEN = Config(parameter_validation=False, proxies={}, inject_host_prefix=False)


def minimal(shape: Any, depth: int = 0) -> Any:
    """The smallest value of a shape that botocore sends."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        if depth and getattr(shape, "is_tagged_union", False):
            name, member = next(iter(shape.members.items()))
            return {name: minimal(member, depth + 1)}
        return {name: minimal(shape.members[name], depth + 1) for name in shape.required_members}
    if shape.type_name == "string":
        return (shape.enum or ["a" * max(shape.metadata.get("min", 1), 6)])[0]
    number = max(shape.metadata.get("min", 1), 1)
    return {
        "list": lambda: [minimal(shape.member, depth + 1)],
        "map": lambda: {"a": minimal(shape.value, depth + 1)},
        "blob": lambda: b"a",
        "boolean": lambda: True,
        "timestamp": lambda: 0,
    }.get(shape.type_name, lambda: number)()


def prepared(client: Any, operation: str, parameters: Mapping[str, Any]) -> AWSPreparedRequest:
    """The request that botocore would send for an operation."""
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: object) -> None:
        caught.append(request)
        raise LookupError

    client.meta.events.register_last("before-send", catch)
    try:
        client._make_api_call(operation, parameters)  # noqa: SLF001 - any operation by its name
    except LookupError:
        return caught[0]
    finally:
        client.meta.events.unregister("before-send", catch)
    raise AssertionError(operation)


def text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header


def environ(request: AWSPreparedRequest) -> WSGIEnvironment:
    parts = urlsplit(request.url)
    body = request.body or b""
    content = body if isinstance(body, bytes) else str(body).encode()
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": text(value)
        for name, value in request.headers.items()
    }
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        **headers,
    }


def client_of(service: str, endpoint: str | None = None) -> Any:
    """A client that sends what it is given; its requests are never sent to AWS."""
    return botocore.session.get_session().create_client(
        model_name(service),
        region_name="us-east-1",
        endpoint_url=endpoint or "http://127.0.0.1:9",
        aws_access_key_id="AKIAAAAAAAAAAAAAAAAA",
        aws_secret_access_key="none",
        config=AS_GIVEN,
    )


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_of_the_model_is_recognized(service: str) -> None:
    client = client_of(service)
    model = client.meta.service_model

    for name in model.operation_names:
        request = prepared(client, name, minimal(model.operation_model(name).input_shape))
        call = Call.read(environ(request), DomainDispatcherApplication(create_backend_app))
        if name not in SIGNED_OTHERWISE:
            assert (call.service, call.action) == (service, SAME_REQUEST.get(name, name))


@pytest.mark.parametrize("service", SERVICES)
def test_what_neither_moto_nor_a_patch_answers_is_refused(service: str, sandbox: Sandbox) -> None:
    client: Any = sandbox.session().client(model_name(service), config=AS_GIVEN)
    model = client.meta.service_model
    names: list[str] = model.operation_names
    refused = [
        name
        for name in names
        if name not in SIGNED_OTHERWISE
        and support(REGISTRY, service, SAME_REQUEST.get(name, name)) is Support.REFUSED
    ]

    for name in refused:
        given = minimal(model.operation_model(name).input_shape)
        refusal = f"{SAME_REQUEST.get(name, name)} is not emulated here"
        with pytest.raises(ClientError, match=refusal) as caught:
            client._make_api_call(name, given)  # noqa: SLF001 - any operation by its name
        assert caught.value.response["Error"]["Code"] == "NotImplemented"


def s3_operations_of_moto() -> list[str]:
    return sorted(
        name
        for name in operations("s3")
        if name not in SAME_REQUEST
        and support(REGISTRY, "s3", name) is Support.MOTO
        and hasattr(S3Response, camelcase_to_underscores(name))
    )


@pytest.mark.parametrize("operation", s3_operations_of_moto())
def test_moto_takes_no_operation_of_s3_for_another(
    operation: str, clients: Clients, sandbox: Sandbox, name: str, monkeypatch: Any
) -> None:
    """moto tells S3's operations apart in its own code; others by their models."""
    s3, bucket = clients("s3", "security"), name
    s3.create_bucket(Bucket=bucket, ObjectOwnership="ObjectWriter")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    carried_out: list[str] = []
    for method in map(camelcase_to_underscores, s3_operations_of_moto()):

        def record(_self: object, *_: object, method: str = method, **__: object) -> Any:
            carried_out.append(method)
            return 200, {}, ""

        monkeypatch.setattr(S3Response, method, record)
    client: Any = sandbox.session("security").client("s3")
    shape = client.meta.service_model.operation_model(operation).input_shape
    given = minimal(shape) | {"Bucket": bucket} | ({"Key": "a"} if "Key" in shape.members else {})
    if "CopySource" in given:
        given["CopySource"] = f"{bucket}/a"

    send(prepared(client, operation, given))

    assert carried_out == [camelcase_to_underscores(operation)]


def send(request: AWSPreparedRequest) -> None:
    parts = urlsplit(request.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    headers = {name: text(value) for name, value in request.headers.items()}
    connection.request(request.method, f"{parts.path}?{parts.query}", request.body, headers)
    connection.getresponse().read()
    connection.close()


def test_an_operation_that_no_model_has_is_refused(clients: Clients) -> None:
    client: Any = clients("cloudtrail")

    def rename(params: dict[str, Any], **_: object) -> None:
        params["headers"]["X-Amz-Target"] += "New"

    client.meta.events.register("before-call", rename)
    try:
        with pytest.raises(ClientError, match="ListTrailsNew is not emulated here"):
            client.list_trails()
    finally:
        client.meta.events.unregister("before-call", rename)
