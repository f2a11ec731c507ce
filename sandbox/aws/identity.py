"""Who calls: from the access key of a request to an account and a principal."""

from __future__ import annotations

from dataclasses import dataclass

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.aws.policies import Principal


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
    """

    account_id: str
    arn: str
    principal_arn: str
    user_id: str

    @property
    def principal(self) -> Principal:
        """The caller as policies see it."""
        return Principal(account_id=self.account_id, arns=(self.principal_arn, self.arn))

    @property
    def is_root(self) -> bool:
        """Whether this is the account's root user."""
        return self.arn.endswith(":root")


def root_user(account_id: str, partition: str = "aws") -> Caller:
    """The root user of an account."""
    arn = f"arn:{partition}:iam::{account_id}:root"
    return Caller(account_id, arn, arn, account_id)


def find_caller(access_key_id: str) -> Caller | None:
    """The principal that an access key belongs to, or ``None`` for a key that was never issued."""
    for account_id, account in list(iam_backends.items()):
        for backend in list(account.values()):
            key = backend.access_keys.get(access_key_id)
            if key is None:
                continue
            if key.user_name:
                user = backend.get_user(key.user_name)
                return Caller(account_id, user.arn, user.arn, user.id)
            return _session(account_id, access_key_id)
    return None


def _session(account_id: str, access_key_id: str) -> Caller | None:
    for backend in list(sts_backends[account_id].values()):
        role = backend.get_assumed_role_from_access_key(access_key_id)
        if role:
            return Caller(account_id, role.arn, role.role_arn, role.user_id)
    return None
