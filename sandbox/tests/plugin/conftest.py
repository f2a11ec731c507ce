"""The provider over the worker's sandbox."""

from collections.abc import Callable

import pytest

from sandbox.plugin.provider import Provider
from sandbox.session import Sandbox
from sandbox.tests.plugin.world import World
from sandbox.tests.support import Clients

Providers = Callable[..., Provider]

_SETTINGS = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL")


@pytest.fixture(scope="session")
def providers(sandbox: Sandbox) -> Providers:
    """Providers by profile, and by further configuration."""
    made: dict[str, Provider] = {}

    def provider(profile: str = "management", **config: object) -> Provider:
        key = f"{profile} {config}"
        if key not in made:
            made[key] = Provider()
            with pytest.MonkeyPatch.context() as environment:
                for name in _SETTINGS:
                    environment.setenv(name, sandbox.environment[name])
                made[key].configure({"profile": profile, "region": "us-east-1", **config})
        return made[key]

    return provider


@pytest.fixture
def provider(providers: Providers) -> Provider:
    """A provider in the management account."""
    return providers()


@pytest.fixture
def world(clients: Clients, name: str, sandbox: Sandbox) -> World:
    """What a test of a resource type needs besides the provider."""
    return World(clients, name, sandbox.organization)
