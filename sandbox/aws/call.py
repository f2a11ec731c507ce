"""One AWS API call: read from HTTP, answered in HTTP.

The patches speak the API's own words: an action, its parameters, an answer, an error. This module
is the only one that knows how these travel (JSON, query and REST-XML protocols); the shapes come
from botocore's service models through moto's parsers and serializers.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.utilities.utils import get_partition
from werkzeug.exceptions import NotFound
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_input_stream

from sandbox.aws.operations import error_status, has_model, model_name, moto_implements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

    from moto.core.model import OperationModel
    from moto.core.parse import RequestDict
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    from sandbox.aws.identity import Caller

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)
_DEFAULT_REGION = "us-east-1"
_UNROUTED = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
_FLASK_PAGE = b"<!doctype html>"


class AwsError(Exception):
    """An error as AWS answers it."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        """Name the error.

        Args:
            code: the error code of the service's API reference, e.g. ``TrailNotFoundException``.
            message: what the caller reads.
            status: the HTTP status, where it is not that of the code in the service's model.
        """
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


BY_TOKEN = {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}
"""Operations of STS that take an identity provider's token in place of a signature."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, read whole."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.status < HTTPStatus.BAD_REQUEST


Answer: TypeAlias = "Mapping[str, Any] | Reply"
"""What a patch gives back: the result as boto3 names its members, or moto's reply as it stands.

Times are ``datetime`` for S3, STS and IAM, and seconds since 1970 for the JSON services."""


@dataclass
class Call:
    """One call of the AWS API.

    Attributes:
        environ: the WSGI environment; its body has been read into ``body``.
        moto: moto's dispatcher.
        service: the service's signing name, e.g. ``cloudtrail``.
        region: the region that the request is signed for.
        access_key: the access key id, or ``None`` for an unsigned request.
        body: the request's body.
        action: the operation, e.g. ``DescribeTrails``; method and path where no operation fits.
        caller: the principal, or ``None`` for an unsigned request.
        account_id: the account that moto is to act in, when it is not the caller's own.
        labels: the parameters in the path, e.g. for S3 ``Bucket`` and ``Key``.
        owners: the accounts of the resources that the call needs permissions on.
    """

    environ: WSGIEnvironment
    moto: DomainDispatcherApplication
    service: str
    region: str
    access_key: str | None
    body: bytes
    action: str = ""
    caller: Caller | None = None
    account_id: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    owners: set[str] = field(default_factory=set[str])

    @classmethod
    def read(cls, environ: WSGIEnvironment, moto: DomainDispatcherApplication) -> Call:
        """Read a call from a request, without parsing its parameters yet."""
        key, region, service = _scope(environ)
        call = cls(environ, moto, service, region, key, get_input_stream(environ).read())
        call._identify()
        return call

    @property
    def partition(self) -> str:
        """The partition of the region, e.g. ``aws``."""
        return get_partition(self.region)

    @property
    def signer(self) -> Caller:
        """The principal that signed the request.

        Raises:
            AwsError: the request is unsigned.
        """
        if self.caller is None:
            code, message = "MissingAuthenticationToken", "Missing Authentication Token"
            raise AwsError(code, message, HTTPStatus.FORBIDDEN)
        return self.caller

    @property
    def style(self) -> str:
        """How errors travel: ``json``, ``query`` or ``xml``."""
        content_type = str(self.environ.get("CONTENT_TYPE", ""))
        if "HTTP_X_AMZ_TARGET" not in self.environ:
            if content_type.startswith("application/x-www-form-urlencoded"):
                return "query"
            if self.service == "s3":
                return "xml"
        return "json"

    @cached_property
    def params(self) -> dict[str, Any]:
        """The parameters, named as boto3 names them.

        Raises:
            AwsError: the request does not fit the operation.
        """
        request = self._request()
        model = get_service_model(self._model)
        parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)]
        parts: RequestDict = {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": self.body,
            "url_path": request.path,
            "url_params": dict(self.labels),
        }
        try:
            return parser(self.operation).parse(parts)
        except (RequestParserError, ParseError, ValueError) as error:
            code = "MalformedXML" if self.service == "s3" else "SerializationException"
            raise AwsError(code, f"The request does not fit {self.action}: {error}") from None

    def text(self, name: str) -> str:
        """A text parameter; empty when absent."""
        return str(self.params.get(name) or "")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean parameter."""
        value = self.params.get(name)
        return default if value is None else bool(value)

    def header(self, name: str) -> str:
        """A request header; empty when absent."""
        return str(self.environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))

    def replace(self, **parameters: object) -> None:
        """Put other parameters in place of the caller's, for all that follows (JSON only)."""
        self.body = json.dumps(json.loads(self.body or b"{}") | parameters).encode()
        self.__dict__.pop("params", None)

    def forward(self) -> Reply:
        """Let moto answer.

        Raises:
            NotImplementedError: moto has no such operation, or breaks on it.
        """
        if not moto_implements(self.service, self.action):
            raise NotImplementedError("moto has no such operation")
        environ = self._environ()
        if self.account_id:
            # moto's own switch, stronger than the access key.
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.account_id
        try:
            chunks, status, headers = run_wsgi_app(self.moto, environ, buffered=True)
        except Exception as error:
            # moto breaks with any kind of exception on what it does not expect.
            raise NotImplementedError(f"moto: {error!r}") from error
        reply = Reply(int(status.split()[0]), b"".join(chunks), tuple(headers.to_wsgi_list()))
        if reply.status in _UNROUTED and reply.body.startswith(_FLASK_PAGE):
            raise NotImplementedError("moto has no such path")
        return reply

    def reply(self, answer: Answer) -> Reply:
        """An answer in the call's protocol."""
        if isinstance(answer, Reply):
            return answer
        model = get_service_model(self._model)
        protocol = determine_request_protocol(model, self._request().content_type)
        if protocol == "json":
            headers = (("Content-Type", "application/x-amz-json-1.1"),)
            return Reply(HTTPStatus.OK, json.dumps(answer, default=_encoded).encode(), headers)
        serializer = get_serializer_class(self._model, protocol)(self.operation)
        serialized = serializer.serialize(answer)
        body = serialized["body"]
        return Reply(
            serialized["status_code"],
            body if isinstance(body, bytes) else str(body).encode(),
            tuple((name, str(value)) for name, value in serialized["headers"].items()),
        )

    def error(self, error: AwsError) -> Reply:
        """An error in the call's protocol."""
        if self.style == "json":
            text = json.dumps({"__type": error.code, "message": error.message})
            kind = "application/x-amz-json-1.1"
        else:
            detail = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
            if self.style == "xml" and error.code.startswith("NoSuch"):
                # What is missing, as S3 names it: moto's own errors do as well.
                name = "Key" if error.code == "NoSuchKey" else "BucketName"
                missing = self.labels.get(name.removesuffix("Name"), "")
                detail += f"<{name}>{escape(missing)}</{name}>"
            text = f"<Error>{detail}</Error>"
            if self.style == "query":
                text = f"<ErrorResponse><Error><Type>Sender</Type>{detail}</Error></ErrorResponse>"
            kind = "application/xml"
        headers = (("Content-Type", kind), ("x-amzn-ErrorType", error.code))
        status = error.status or error_status(self.service, error.code)
        return Reply(status, text.encode(), headers)

    @property
    def is_operation(self) -> bool:
        """Whether the request was recognised as an operation of a service that has a model."""
        return self.action.isidentifier() and has_model(self.service)

    @property
    def _model(self) -> str:
        """The name of the service's model, which describes its operations."""
        return model_name(self.service)

    @cached_property
    def operation(self) -> OperationModel:
        """The model of the operation."""
        return get_service_model(self._model).operation_model(self.action)

    def _environ(self) -> WSGIEnvironment:
        """The request with its body unread."""
        environ = {
            **self.environ,
            "wsgi.input": BytesIO(self.body),
            "CONTENT_LENGTH": str(len(self.body)),
        }
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return environ

    def _request(self) -> Request:
        return Request(self._environ())

    def _identify(self) -> None:
        target = str(self.environ.get("HTTP_X_AMZ_TARGET", ""))
        if target:
            self.action = target.rpartition(".")[2]
        elif self.style == "query":
            self.action = parse_qs(self.body.decode()).get("Action", [""])[0]
            if self.access_key is None and self.action in BY_TOKEN:
                self.service = "sts"
        else:
            self._route()

    def _route(self) -> None:
        """Find the operation of a REST request by its path."""
        request = self._request()
        self.action = f"{request.method} {request.path}"
        try:
            # moto compiles a service's routes at its first request, with Python's AST, which is not
            # safe with threads. Its own applications are made under this lock.
            with self.moto.lock:
                operation, self.labels = get_service_router(self._model).match(request)
        except (NotFound, UnknownServiceError):
            return
        self.action = str(operation.name)


def _encoded(value: object) -> str:
    """A blob in JSON.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{value!r} has no form in JSON")


def _scope(environ: WSGIEnvironment) -> tuple[str | None, str, str]:
    """Access key, region and service of a request (Signature Version 4).

    An unsigned request is taken for one to S3, the service that answers anonymous callers, unless
    its form says that it is none.
    """
    signature = str(environ.get("HTTP_AUTHORIZATION", ""))
    presigned = parse_qs(str(environ.get("QUERY_STRING", ""))).get("X-Amz-Credential")
    match = _SCOPE.search(f"Credential={presigned[0]}" if presigned else signature)
    if match is None:
        form = str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
        other = form or "HTTP_X_AMZ_TARGET" in environ
        return None, _DEFAULT_REGION, "unsigned" if other else "s3"
    return match["key"], match["region"], match["service"]
