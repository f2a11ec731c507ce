"""What IAM holds: the caller's account, and whom policies are attached to."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from moto.iam.models import iam_backends

from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, Role, User

    from sandbox.aws.call import Call, Reply

    Holder: TypeAlias = Role | User | Group

KINDS = ("Role", "User", "Group")
"""Whom policies are attached to, as the names of the operations spell them."""


def backend(call: Call) -> IAMBackend:
    """The IAM of the caller's account."""
    return iam_backends[call.signer.account_id][call.partition]


def holder(call: Call) -> tuple[str, Holder]:
    """The kind and the object whose policies a call changes, e.g. AttachUserPolicy.

    Raises:
        NotFoundException: moto's: there is none of that name.
    """
    kind = next(kind for kind in KINDS if kind in call.action)
    found = backend(call)
    get = {"Role": found.get_role, "User": found.get_user, "Group": found.get_group}[kind]
    return kind, get(call.text(f"{kind}Name"))


def conflict(message: str) -> AwsError:
    """The error for what is still in use."""
    return AwsError("DeleteConflict", message, HTTPStatus.CONFLICT)


def over_quota(message: str) -> AwsError:
    """The error for what IAM's quotas do not allow."""
    return AwsError("LimitExceeded", message, HTTPStatus.CONFLICT)


def size(document: str) -> int:
    """The size of a policy as IAM counts it: without white space, in characters."""
    return len("".join(document.split()))


def rewritten(reply: Reply, old: str, new: str) -> Reply:
    """A reply of moto's with another text in its body."""
    body = reply.body.replace(old.encode(), new.encode())
    # Its length is another one, too.
    headers = tuple(entry for entry in reply.headers if entry[0].lower() != "content-length")
    return replace(reply, body=body, headers=headers)
