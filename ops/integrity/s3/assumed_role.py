"""Sessions that act as a role, for as long as a verification takes."""

from functools import partial

import botocore.session
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError

_SESSION_NAME = "cloudtrail-guard-integrity"


class _Credentials:
    """What a session asks for its credentials."""

    def __init__(self, credentials: DeferredRefreshableCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> DeferredRefreshableCredentials:
        return self._credentials


def assumed(role: str, region: str) -> botocore.session.Session:
    """A session that assumes a role with the environment's credentials, and again when they expire.

    A verification may take hours; a role that is assumed by another one is given up to one hour
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). STS is asked at the
    first call.

    Args:
        role: ARN of the role.
        region: where STS is asked.

    Raises:
        NoCredentialsError: the environment has none.
    """
    session = botocore.session.Session()
    own = session.get_credentials()
    if own is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        partial(session.create_client, region_name=region),
        own,
        role,
        extra_args={"RoleSessionName": _SESSION_NAME},
    )
    credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    acting = botocore.session.Session()
    acting.register_component("credential_provider", _Credentials(credentials))
    return acting
