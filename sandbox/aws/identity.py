"""Who calls: from the access key of a request to an account and a principal."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.aws.policy_evaluation import Principal

if TYPE_CHECKING:
    from moto.iam.models import AccessKey, Role


@dataclass(frozen=True)
class Credentials:
    """An access key."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class Caller:
    """The principal behind a request.

    Attributes:
        account_id: its account.
        arn: what GetCallerIdentity says: a user, a role's session, or the account's root user.
        principal_arn: what policies see as ``aws:PrincipalArn``: for a session, the role.
        user_id: the unique id, with the session's name for a role.
        temporary: whether the credentials are temporary: a session's of a role or user.
        mfa_at: when multi-factor authentication (MFA) was given for the credentials, in seconds
            since 1970; ``None`` for never. Sessions of roles never have it, even if AssumeRole
            was called with it
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
        session_policy: the policy that AssumeRole was given to narrow the session; empty for none.
    """

    account_id: str
    arn: str
    principal_arn: str
    user_id: str
    temporary: bool = False
    mfa_at: float | None = None
    session_policy: str = ""

    @property
    def principal(self) -> Principal:
        """The caller as policies see it."""
        return Principal(account_id=self.account_id, arns=(self.principal_arn, self.arn))

    @property
    def is_root(self) -> bool:
        """Whether this is the account's root user."""
        return self.arn.endswith(":root")


_USER_SESSIONS: WeakKeyDictionary[AccessKey, Caller] = WeakKeyDictionary()
"""The temporary keys of users; they go when moto forgets them."""


def root_user(account_id: str, partition: str = "aws") -> Caller:
    """The root user of an account."""
    arn = f"arn:{partition}:iam::{account_id}:root"
    return Caller(account_id, arn, arn, account_id)


def role_session(role: Role, name: str) -> Caller:
    """A session of a role, which a service has assumed."""
    session = f"arn:{role.partition}:sts::{role.account_id}:assumed-role/{role.name}/{name}"
    return Caller(role.account_id, session, role.arn, f"{role.id}:{name}", temporary=True)


def issue_session(caller: Caller, partition: str, *, mfa: bool) -> Credentials:
    """Issue a temporary access key to a user, as sts:GetSessionToken does.

    Args:
        caller: the user, or the account's root user.
        partition: the partition of the call's region.
        mfa: whether multi-factor authentication was given with the call.
    """
    key = iam_backends[caller.account_id][partition].create_temp_access_key()
    given = time.time() if mfa else None
    _USER_SESSIONS[key] = replace(caller, temporary=True, mfa_at=given)
    return Credentials(key.access_key_id, key.secret_access_key)


def find_caller(access_key_id: str) -> Caller | None:
    """The principal that an access key belongs to, or ``None`` for a key that was never issued."""
    for account_id, account in list(iam_backends.items()):
        for backend in list(account.values()):
            key = backend.access_keys.get(access_key_id)
            if key is None:
                continue
            if key in _USER_SESSIONS:
                return _USER_SESSIONS[key]
            if key.user_name:
                user = backend.get_user(key.user_name)
                return Caller(account_id, user.arn, user.arn, user.id)
            return _session(account_id, access_key_id)
    return None


def _session(account_id: str, access_key_id: str) -> Caller | None:
    for backend in list(sts_backends[account_id].values()):
        role = backend.get_assumed_role_from_access_key(access_key_id)
        if role:
            return Caller(
                account_id,
                role.arn,
                role.role_arn,
                role.user_id,
                temporary=True,
                session_policy=role.policy or "",
            )
    return None
