"""The WSGI application in front of moto: it asks the patches, then moto, and answers."""

from __future__ import annotations

import json
import re
import threading
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl

from moto.core.exceptions import JsonRESTError, ServiceException

from sandbox.aws import idempotency
from sandbox.aws.call import AwsError, Call, Reply
from sandbox.aws.identity import find_caller, root_user
from sandbox.aws.policy_conditions import NotEvaluatedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    from sandbox.aws.identity import Caller, Credentials
    from sandbox.aws.patches.registry import Registry

Around: TypeAlias = "Callable[[Call, Callable[[Call], Reply]], Reply]"
"""Given a call and what answers it, answers it; an exception closes the connection."""

_MOTO_PATHS = re.compile(r"^/moto-api/")
CONTROLS = "/_sandbox/"
"""The path of the sandbox's own controls; no bucket can have this name."""


class Dispatcher:
    """Answers each call by the first patch that has an answer, else by moto.

    What moto lacks is answered with status 501, which no AWS SDK retries, instead of moto's
    500, which all of them do.
    """

    def __init__(
        self,
        moto: DomainDispatcherApplication,
        registry: Registry,
        root_account: str,
        root: Credentials,
        around: Around | None = None,
    ) -> None:
        """Stand in front of moto.

        Args:
            moto: moto's dispatcher.
            registry: the patches.
            root_account: the account that exists from the start.
            root: the access key of its root user.
            around: what is asked about each call instead of AWS, and may ask AWS.
        """
        self._around = around
        self._moto = moto
        self._registry = registry
        self._root = root
        self._root_account = root_account
        # A patch looks and then acts: no other call may come between.
        self._lock = threading.RLock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if _MOTO_PATHS.match(str(environ.get("PATH_INFO", ""))):
            return self._moto(environ, start_response)
        if str(environ.get("PATH_INFO", "")).startswith(CONTROLS):
            reply = self._control(environ)
        else:
            call = Call.read(environ, self._moto)
            reply = self._around(call, self._observed) if self._around else self._observed(call)
        status = HTTPStatus(reply.status)
        start_response(f"{status.value} {status.phrase}", _headers(reply))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    def _control(self, environ: WSGIEnvironment) -> Reply:
        """What a control of the sandbox answers, as JSON."""
        name = str(environ["PATH_INFO"]).removeprefix(CONTROLS)
        control = self._registry.controls.get(name)
        if control is None or environ["REQUEST_METHOD"] != "POST":
            known = ", ".join(f"POST {CONTROLS}{each}" for each in self._registry.controls)
            return Reply(HTTPStatus.NOT_FOUND, f"the sandbox's controls are {known}\n".encode())
        try:
            with self._lock:
                answer = control(dict(parse_qsl(str(environ.get("QUERY_STRING", "")))))
        except ValueError as error:
            return Reply(HTTPStatus.BAD_REQUEST, f"{error}\n".encode())
        kind = (("Content-Type", "application/json"),)
        return Reply(HTTPStatus.OK, json.dumps(answer).encode(), kind)

    def _observed(self, call: Call) -> Reply:
        """What AWS answers, once the observers know it."""
        reply = self._answer(call)
        with self._lock:
            for observe in self._registry.observers:
                observe(call, reply)
        return reply

    def _answer(self, call: Call) -> Reply:
        try:
            return self._carry_out(call)
        except AwsError as error:
            refusal = error
        except ServiceException as error:
            refusal = AwsError(error.code, error.message)
        except JsonRESTError as error:
            refusal = AwsError(error.error_type, error.message)
        except (NotImplementedError, NotEvaluatedError) as error:
            refusal = _not_emulated(call, error)
        return call.error(refusal)

    def _carry_out(self, call: Call) -> Reply:
        call.caller = self._caller(call)
        patches = self._registry.covering(call.service, call.action)
        with self._lock:
            for patch in patches:
                answer = patch.handler(call)
                if answer is not None:
                    return idempotency.remember(call, call.reply(answer))
            if any(patch.covers_one_service for patch in patches):
                return idempotency.remember(call, call.forward())
        # Not under the lock: such a call may wait, for a message in a queue.
        return call.forward()

    def _caller(self, call: Call) -> Caller | None:
        """Who calls; ``None`` for an unsigned request.

        Raises:
            AwsError: the access key was never issued here.
        """
        if call.access_key is None:
            return None
        if call.access_key == self._root.access_key_id:
            return root_user(self._root_account, call.partition)
        caller = find_caller(call.access_key)
        if caller is None:
            code = "InvalidAccessKeyId" if call.service == "s3" else "InvalidClientTokenId"
            raise AwsError(
                code,
                f"The access key {call.access_key} does not exist in the sandbox. Use its profiles "
                "management, security or workload (AWS_CONFIG_FILE names the file).",
                HTTPStatus.FORBIDDEN,
            )
        return caller


def _headers(reply: Reply) -> list[tuple[str, str]]:
    """A reply's headers, with those that AWS always sends."""
    present = {name.lower() for name, _ in reply.headers}
    request_id = str(uuid.uuid4())
    always = {
        "Content-Length": str(len(reply.body)),
        "x-amzn-RequestId": request_id,
        "x-amz-request-id": request_id,
    }
    added = ((name, value) for name, value in always.items() if name.lower() not in present)
    return [*reply.headers, *added]


def _not_emulated(call: Call, error: Exception) -> AwsError:
    return AwsError(
        "NotImplemented",
        f"{call.service}:{call.action} is not emulated here ({error})",
        HTTPStatus.NOT_IMPLEMENTED,
    )
