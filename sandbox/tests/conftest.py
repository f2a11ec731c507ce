"""One sandbox for all tests of a worker, and the things that CloudTrail needs to be tried."""

import itertools
from collections.abc import Generator
from typing import cast

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.session import Sandbox
from sandbox.tests.limits import heed_ctrl_c
from sandbox.tests.support import Clients, shared_sandbox

heed_ctrl_c()

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def worker_sandbox() -> Generator[Sandbox]:
    """The sandbox of this worker, which lasts until its last test."""
    with shared_sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def sandbox(worker_sandbox: Sandbox) -> Sandbox:
    """A running sandbox that tests share: use names of your own, leave the organization as is."""
    return worker_sandbox


@pytest.fixture(scope="session")
def organization(sandbox: Sandbox) -> Organization:
    return sandbox.organization


@pytest.fixture(scope="session")
def clients(sandbox: Sandbox) -> Clients:
    """boto3 clients by service, profile and region; made once."""
    made: dict[tuple[str, str, str], Client] = {}

    def client(service: str, profile: str = "management", region: str = "us-east-1") -> Client:
        key = (service, profile, region)
        if key not in made:
            session = sandbox.session(profile)
            made[key] = cast("Client", session.client(service, region_name=region))
        return made[key]

    return client


@pytest.fixture
def name() -> str:
    """A name that no other test has."""
    return f"test-{next(_NUMBERS):04d}"


@pytest.fixture
def bucket(clients: Clients, name: str) -> str:
    """A bucket of the security account."""
    clients("s3", "security").create_bucket(Bucket=name)
    return name


@pytest.fixture
def locked_bucket(clients: Clients, name: str) -> str:
    """A bucket of the security account that was born with Object Lock."""
    clients("s3", "security").create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


@pytest.fixture
def key_arn(clients: Clients) -> str:
    """A key of the security account, with the default policy."""
    return clients("kms", "security").create_key()["KeyMetadata"]["Arn"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that share a worker's sandbox last.

    There is one sandbox at a time in a process, and theirs lasts. Other tests have their own, some
    of them by a fixture that is called ``sandbox``, too.
    """
    items.sort(key=lambda item: "worker_sandbox" in getattr(item, "fixturenames", ()))
