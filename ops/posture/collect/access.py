"""Sessions of the trail's account and of the log bucket's, by profile or role."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from stacks.lookups.found import NO_ANSWER

AT_ONCE = 32
"""How many questions are asked at the same time."""


class NoAccessError(Exception):
    """There are no credentials, or a role cannot be assumed."""


class Clients:
    """The clients of one account, each made once: they may be used by several threads."""

    def __init__(self, session: boto3.Session) -> None:
        """Take a session with credentials."""
        self._session = session
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    @property
    def region(self) -> str | None:
        """The session's own region."""
        return self._session.region_name

    def __call__(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 has no types
        """A client of a service in a region."""
        with self._lock:  # making one is not safe in threads, and using one is
            if (service, region) not in self._made:
                config = Config(
                    max_pool_connections=AT_ONCE,
                    retries={
                        "max_attempts": 5,
                        "mode": "adaptive" if service != "s3" else "standard",
                    },
                    connect_timeout=10,
                    read_timeout=30,
                )
                self._made[service, region] = self._session.client(
                    service,  # type: ignore[call-overload]
                    region_name=region,
                    config=config,
                )
            return self._made[service, region]


@dataclass(frozen=True, kw_only=True)
class Access:
    """Whose eyes see it.

    Attributes:
        trail: clients of the trail's account, an organization's management account.
        logs: clients of the account of bucket and key.
        archive: clients of the replica's account, where it is another one than that.
    """

    trail: Clients
    logs: Clients
    archive: Clients | None = None

    @property
    def replica(self) -> Clients:
        """Clients of the replica's account."""
        return self.archive or self.logs


def open_access(
    *,
    profile: str | None,
    role: str | None,
    log_profile: str | None,
    log_role: str | None,
    archive_role: str | None = None,
) -> Access:
    """Sessions by profile or role.

    Args:
        profile: the profile for the trail's account; None: the environment's credentials.
        role: ARN of a role to assume with them.
        log_profile: the profile for the log bucket's account; None: the same as the trail's.
        log_role: ARN of a role to assume with that one.
        archive_role: ARN of a role to assume with the log account's credentials in the replica's
            own account; None: the replica is in the log bucket's.

    Raises:
        NoAccessError: there are no credentials, or a role cannot be assumed.
    """
    base = _session(profile)
    trail = _assumed(base, role)
    log_base = _session(log_profile) if log_profile else base
    logs = _assumed(log_base, log_role) if log_role else (log_base if log_profile else trail)
    opened = {id(each): Clients(each) for each in (trail, logs)}
    archive = Clients(_assumed(logs, archive_role)) if archive_role else None
    return Access(trail=opened[id(trail)], logs=opened[id(logs)], archive=archive)


def _session(profile: str | None) -> boto3.Session:
    try:
        return boto3.Session(profile_name=profile)
    except BotoCoreError as error:
        raise NoAccessError(str(error)) from error


def _assumed(session: boto3.Session, role: str | None) -> boto3.Session:
    if role is None:
        return session
    try:
        sts: Any = session.client("sts", region_name=session.region_name or "us-east-1")
        key = sts.assume_role(RoleArn=role, RoleSessionName="cloudtrail-guard-posture")
    except NO_ANSWER as error:
        raise NoAccessError(f"role {role} cannot be assumed: {error}") from error
    found = key["Credentials"]
    return boto3.Session(
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
        region_name=session.region_name,
    )
