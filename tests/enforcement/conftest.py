"""The sandbox that the tests of the real documents share, with the sandbox's own fixtures."""

from sandbox.tests.conftest import (
    clients,
    name,
    organization,
    pytest_collection_modifyitems,
    sandbox,
    worker_sandbox,
)

__all__ = [
    "clients",
    "name",
    "organization",
    "pytest_collection_modifyitems",
    "sandbox",
    "worker_sandbox",
]
