"""The look-ups ask with the credentials that the provider uses.

The settings are those of https://www.pulumi.com/registry/packages/aws/installation-configuration/.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pulumi
import pytest
from moto import mock_aws

from sandbox.tests.limits import PATIENCE
from stacks.lookups.found import LookupFailedError
from stacks.lookups.queries import list_trails, missing_identities, side_by_side
from stacks.lookups.session import AwsClients, provider_config

ROLE = "arn:aws:iam::444455556666:role/Deploy"
SECOND = "arn:aws:iam::777788889999:role/Audit"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("config", "account"),
    [
        ({}, "123456789012"),
        ({"assumeRoles": [{"roleArn": ROLE, "sessionName": "ci", "duration": "1h"}]}, ROLE),
        ({"assumeRoles": [{"roleArn": ROLE}, {"roleArn": SECOND, "externalId": "audit"}]}, SECOND),
        ({"assumeRole": {"roleArn": ROLE, "tags": {"team": "security"}}}, ROLE),
        (
            {"assumeRoleWithWebIdentity": {"roleArn": SECOND, "webIdentityToken": "token" * 5}},
            SECOND,
        ),
    ],
)
def test_an_assumed_role_asks_in_its_own_account(config: dict[str, Any], account: str) -> None:
    sts = AwsClients("eu-west-1", config).client("sts")

    assert sts.get_caller_identity()["Account"] == (
        account.split(":")[4] if ":" in account else account
    )


@pytest.mark.usefixtures("aws")
def test_a_profile_is_found_in_the_files_that_the_provider_reads(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("[ci]\naws_access_key_id = FROMFILE\naws_secret_access_key = secret\n")

    clients = AwsClients("eu-west-1", {"profile": "ci", "sharedCredentialsFiles": [str(file)]})

    assert clients.credentials.access_key == "FROMFILE"
    with pytest.raises(LookupFailedError, match="several files"):
        AwsClients("eu-west-1", {"sharedConfigFiles": ["a", "b"]})
    with pytest.raises(LookupFailedError, match="ci"):
        AwsClients("eu-west-1", {"profile": "ci"})


@pytest.mark.usefixtures("aws")
def test_keys_region_and_endpoints_are_the_providers() -> None:
    config = {
        "accessKey": "MINE",
        "secretKey": "secret",
        "endpoints": [{"kms": "https://kms.example.com"}],
    }
    clients = AwsClients("eu-west-1", config)

    assert clients.credentials.access_key == "MINE"
    assert clients.client("kms").meta.endpoint_url == "https://kms.example.com"
    assert clients.client("sqs", "us-east-1").meta.region_name == "us-east-1"
    assert (
        "fips"
        in AwsClients("us-east-1", {"useFipsEndpoint": "true"}).client("kms").meta.endpoint_url
    )


def test_the_configuration_is_read_from_the_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"profile": "security", "assumeRoles": json.dumps([{"roleArn": ROLE}])}

    class Config:
        def __init__(self, namespace: str) -> None:
            assert namespace == "aws"

        def get(self, key: str) -> str | None:
            return values.get(key)

    monkeypatch.setattr(pulumi, "Config", Config)

    found = provider_config()

    assert found["profile"] == "security"
    assert found["assumeRoles"] == [{"roleArn": ROLE}]


@pytest.mark.usefixtures("aws")
def test_a_client_is_made_once_for_each_service_and_region() -> None:
    clients = AwsClients("eu-west-1", {})
    kms = clients.client("kms")

    assert clients.client("kms", "eu-west-1") is kms
    assert clients.client("kms", "us-east-1") is not kms
    assert clients.client("sqs") is not kms


def test_several_items_are_asked_at_once_and_answered_in_their_order() -> None:
    all_are_asked = threading.Barrier(3)

    def ask(item: int) -> int:
        all_are_asked.wait(PATIENCE)
        return -item

    assert side_by_side(ask, [3, 1, 2]) == [-3, -1, -2]


def test_a_proxy_that_answers_in_the_place_of_aws_is_a_failed_look_up() -> None:
    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Sign in to go on</html>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{proxy.server_port}"
        config = {"accessKey": "key", "secretKey": "secret"}
        config |= {"endpoints": [{"cloudtrail": url, "iam": url}]}
        clients = AwsClients("eu-west-1", config)

        with pytest.raises(LookupFailedError, match="is a proxy in between"):
            list_trails(clients)
        with pytest.raises(LookupFailedError, match="is a proxy in between"):
            missing_identities(clients, {"roles": ["Admin"]})
        proxy.shutdown()
