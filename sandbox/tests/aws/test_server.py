"""The server: one in a process, quiet, with room for a policy evaluator, clear about its limits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from moto.core.routing import get_service_router

from sandbox.aws import AwsServer, call
from sandbox.aws.patches import REGISTRY
from sandbox.tests.support import fetch, run_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.core.model import OperationModel
    from moto.core.request import Request

    from sandbox.session import Sandbox
    from sandbox.tests.support import Clients

SCRIPT = """
import os, sys
from botocore.exceptions import ClientError
from sandbox.aws import AwsServer
from sandbox.clients import client
"""


def run(script: str, **environment: str) -> str:
    """Run a script that starts servers."""
    return run_script(SCRIPT + script, **environment)


def test_a_second_server_in_the_process_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.endpoint
    with pytest.raises(RuntimeError, match="in this process already"), AwsServer():
        pass


def test_a_server_that_is_not_running_has_no_endpoint() -> None:
    with pytest.raises(RuntimeError, match="context manager"):
        _ = AwsServer().endpoint


def test_nothing_is_left_for_the_next_server_of_the_process() -> None:
    script = """
for _ in range(2):
    with AwsServer() as server:
        s3 = client("s3", server.endpoint, "us-east-1", server.root)
        print(s3.list_buckets()["Buckets"])
        s3.create_bucket(Bucket="logs")
        organizations = client("organizations", server.endpoint, "us-east-1", server.root)
        organizations.create_organization(FeatureSet="ALL")
"""
    assert run(script) == "[]\n[]\n"


def test_the_server_starts_with_the_root_user_of_one_account() -> None:
    script = """
with AwsServer() as server:
    sts = client("sts", server.endpoint, "us-east-1", server.root)
    print(sts.get_caller_identity()["Arn"])
"""
    assert run(script) == "arn:aws:iam::123456789012:root\n"


def test_the_aws_settings_of_the_user_do_no_harm_and_come_back() -> None:
    script = """
with AwsServer() as server:
    sts = client("sts", server.endpoint, "us-east-1", server.root)
    print(sts.get_caller_identity()["Account"], os.environ.get("AWS_PROFILE"))
print(os.environ["AWS_PROFILE"], os.environ.get("AWS_CONFIG_FILE"))
"""
    settings = {"AWS_PROFILE": "none", "MOTO_ACCOUNT_ID": "000000000000"}

    assert run(script, **settings) == "123456789012 None\nnone None\n"


def test_middleware_is_asked_before_anything_else() -> None:
    script = """
def refuse_deletions(application):
    def answer(environ, start_response):
        if environ.get("HTTP_X_AMZ_TARGET", "").endswith("DeleteTrail"):
            start_response("403 Forbidden", [("Content-Type", "application/x-amz-json-1.1")])
            return [b'{"__type": "AccessDeniedException", "message": "by policy"}']
        return application(environ, start_response)
    return answer

with AwsServer(middleware=[refuse_deletions]) as server:
    trails = client("cloudtrail", server.endpoint, "us-east-1", server.root)
    print(trails.describe_trails()["trailList"])
    try:
        trails.delete_trail(Name="logs")
    except ClientError as error:
        print(error.response["Error"]["Code"])
"""
    assert run(script) == "[]\nAccessDeniedException\n"


@pytest.mark.parametrize(
    ("operation", "parameters", "named"),
    [
        ("cloudtrail.lookup_events", {}, "cloudtrail:LookupEvents"),
        ("cloudtrail.list_channels", {}, "cloudtrail:ListChannels"),
        ("organizations.list_handshakes_for_organization", {}, "ListHandshakesForOrganization"),
        ("iam.list_service_specific_credentials", {}, "iam:ListServiceSpecificCredentials"),
        ("kms.update_primary_region", {"KeyId": "k", "PrimaryRegion": "eu-west-1"}, "Region"),
        ("guardduty.list_coverage", {"DetectorId": "d" * 32}, "guardduty:ListCoverage"),
        ("accessanalyzer.list_findings", {"analyzerArn": "a"}, "access-analyzer:ListFindings"),
        ("s3.delete_bucket_inventory_configuration", {"Bucket": "BUCKET", "Id": "a"}, "uration"),
        ("s3.get_bucket_abac", {"Bucket": "BUCKET"}, "s3:GetBucketAbac"),
    ],
)
def test_a_missing_operation_is_a_fast_and_clear_error(
    clients: Clients,
    bucket: str,
    operation: str,
    parameters: dict[str, object],
    named: str,
) -> None:
    given = {key: bucket if value == "BUCKET" else value for key, value in parameters.items()}
    service, _, name = operation.partition(".")
    profile = "security" if service == "s3" else "management"

    with pytest.raises(ClientError, match=f"{named} is not emulated here") as refusal:
        getattr(clients(service, profile), name)(**given)

    assert refusal.value.response["Error"]["Code"] == "NotImplemented"
    # What an SDK retries takes seconds.
    assert refusal.value.response["ResponseMetadata"]["RetryAttempts"] == 0


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("stepfunctions", "list_state_machines"),
        ("efs", "describe_file_systems"),
        ("elbv2", "describe_load_balancers"),
    ],
)
def test_services_that_sign_with_another_name_than_their_models_are_motos(
    clients: Clients, service: str, operation: str
) -> None:
    answer = getattr(clients(service), operation)()

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_every_answer_has_a_request_id(clients: Clients) -> None:
    for service, operation in (("cloudtrail", "describe_trails"), ("s3", "list_buckets")):
        answer = getattr(clients(service), operation)()
        assert answer["ResponseMetadata"]["RequestId"]


def test_motos_own_pages_are_left_alone(sandbox: Sandbox) -> None:
    assert fetch(f"{sandbox.endpoint}/moto-api/lib.js")[0] == 200


def test_every_patch_says_why(clients: Clients) -> None:
    assert clients("sts").get_caller_identity()
    for patch in REGISTRY.patches:
        assert len(patch.reason) > 20
        assert patch.handler.__doc__
    services = {patch.service for patch in REGISTRY.patches}
    assert services >= {"cloudtrail", "iam", "kms", "organizations", "s3", "sts"}


def test_routes_are_compiled_for_one_request_at_a_time(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling = threading.Semaphore(1)

    class Router:
        """moto's, which notices a second request within it."""

        def __init__(self, service: str) -> None:
            self._router = get_service_router(service)

        def match(self, request: Request) -> tuple[OperationModel, Mapping[str, str]]:
            assert compiling.acquire(blocking=False), "two requests compile routes"
            try:
                time.sleep(0.05)
                return self._router.match(request)
            finally:
                compiling.release()

    monkeypatch.setattr(call, "get_service_router", Router)
    asked = [clients("guardduty").list_detectors, clients("lambda").list_functions]

    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(lambda ask: ask(), asked * 3))

    assert all(answer["ResponseMetadata"]["HTTPStatusCode"] == 200 for answer in answers)
