"""The served process, as the engine speaks to it."""

import json
import subprocess
import sys
from collections.abc import Generator
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from sandbox.plugin import PLUGIN_VERSION, sdk
from sandbox.plugin.values import UNKNOWN, from_struct, to_struct
from sandbox.session import Sandbox
from sandbox.tests.limits import PATIENCE
from sandbox.tests.plugin.world import World

Stub = provider_pb2_grpc.ResourceProviderStub

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
TRAIL = "aws:cloudtrail/trail:Trail"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


class Plugin:
    """A running plugin process."""

    def __init__(self, sandbox: Sandbox, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.plugin", *arguments],
            env=sandbox.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.stub = Stub(self.channel)

    def stop(self) -> str:
        """End the process; answers what it wrote to stderr."""
        self.channel.close()
        self.process.terminate()
        return self.process.communicate(timeout=PATIENCE)[1]


@pytest.fixture(scope="module")
def plugin(sandbox: Sandbox) -> Generator[Plugin]:
    running = Plugin(sandbox)
    running.stub.Configure(_configuration())
    yield running
    assert running.stop() == ""


@pytest.fixture
def stub(plugin: Plugin) -> Stub:
    return plugin.stub


def _configuration(**config: Any) -> provider_pb2.ConfigureRequest:
    return provider_pb2.ConfigureRequest(
        args=to_struct({"region": "us-east-1", "version": sdk.VERSION, **config}),
        acceptSecrets=True,
        acceptResources=True,
    )


def urn(token: str, name: str = "res") -> str:
    return f"urn:pulumi:stack::project::a:b:Component${token}::{name}"


def check(stub: Stub, token: str, inputs: dict[str, Any], **more: Any) -> Any:
    return stub.Check(
        provider_pb2.CheckRequest(
            urn=urn(token), news=to_struct(inputs), randomSeed=b"seed", **more
        )
    )


def create(stub: Stub, token: str, inputs: dict[str, Any], *, preview: bool = False) -> Any:
    checked = check(stub, token, inputs)
    assert list(checked.failures) == []
    request = provider_pb2.CreateRequest(
        urn=urn(token), properties=checked.inputs, preview=preview, type=token, name="res"
    )
    return stub.Create(request)


def delete(stub: Stub, token: str, made: Any) -> None:
    stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=urn(token), properties=made.properties))


def refused(error: pytest.ExceptionInfo[grpc.RpcError]) -> tuple[grpc.StatusCode, str]:
    """The code and message of a failed call."""
    call: Any = error.value
    return call.code(), call.details()


def test_the_port_is_the_first_line(plugin: Plugin) -> None:
    assert 0 < plugin.port < 65536


def test_the_plugin_has_the_version_of_the_sdk(stub: Stub) -> None:
    assert stub.GetPluginInfo(empty_pb2.Empty()).version == PLUGIN_VERSION


def test_the_handshake_promises_what_the_configuration_does(plugin: Plugin) -> None:
    shaken = plugin.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="x:1"))
    configured = plugin.stub.Configure(_configuration())

    assert shaken.supports_autonaming_configuration
    assert configured.supports_autonaming_configuration
    assert configured.supportsPreview
    for name in ("accept_secrets", "accept_resources", "accept_outputs"):
        assert not getattr(shaken, name)
    for name in ("acceptSecrets", "acceptResources", "acceptOutputs"):
        assert not getattr(configured, name)


def test_an_engine_may_attach_and_cancel(stub: Stub) -> None:
    assert stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1")) == empty_pb2.Empty()
    assert stub.Cancel(empty_pb2.Empty()) == empty_pb2.Empty()


def test_what_is_not_part_of_the_plugin_is_unimplemented(stub: Stub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.Construct(provider_pb2.ConstructRequest())

    assert refused(caught)[0] is grpc.StatusCode.UNIMPLEMENTED


def test_the_schema_is_served(stub: Stub) -> None:
    schema = json.loads(stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    assert BUCKET in schema["resources"]


def test_the_configuration_is_checked(stub: Stub) -> None:
    news = to_struct({"region": "us-east-1", "regoin": "x", "version": "7.0.0"})

    checked = stub.CheckConfig(
        provider_pb2.CheckRequest(urn=urn("pulumi:providers:aws", "default"), news=news)
    )

    (failure,) = checked.failures
    assert failure.reason.startswith("`aws:regoin` is not a valid configuration key. Examine")
    assert failure.reason.endswith("'default.regoin'. Did you mean 'region'?")
    assert from_struct(checked.inputs)["version"] == "7.0.0"


def test_another_region_replaces_the_provider(stub: Stub) -> None:
    old = to_struct({"region": "us-east-1", "allowedAccountIds": '["1"]'})
    new = to_struct({"region": "eu-west-1", "allowedAccountIds": '["1"]'})

    diff = stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, olds=old, news=new))

    assert list(diff.replaces) == ["region"]
    assert diff.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_a_configuration_that_leads_nowhere_is_one_line(sandbox: Sandbox) -> None:
    plugin = Plugin(sandbox)
    with pytest.raises(grpc.RpcError) as caught:
        plugin.stub.Configure(_configuration(profile="absent"))

    code, details = refused(caught)
    assert code is grpc.StatusCode.UNKNOWN
    assert details.startswith("AWS profile 'absent' is in no AWS configuration file; there are: ")
    assert "\n" not in details
    assert plugin.stop() == ""


def test_unknowns_and_secrets_pass_the_check(stub: Stub) -> None:
    secret = {SIGNATURE: SECRET, "value": "hidden"}

    checked = check(stub, KEY, {"description": secret, "policy": UNKNOWN, "tags": {"a": UNKNOWN}})

    inputs = from_struct(checked.inputs)
    assert list(checked.failures) == []
    assert inputs["description"] == "hidden"
    assert inputs["policy"] is inputs["tags"]["a"] is inputs["tagsAll"] is UNKNOWN


def test_failures_carry_their_reason_only(stub: Stub) -> None:
    checked = check(stub, KEY, {"deletionWindowInDays": 1})

    (failure,) = checked.failures
    assert failure.property == ""
    assert failure.reason.startswith("expected deletion_window_in_days to be in the range (7 - 30)")


def test_names_follow_from_the_seed_and_the_projects_naming(stub: Stub) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions

    names = [from_struct(check(stub, BUCKET, {}).inputs)["bucket"] for _ in range(2)]
    enforced = check(
        stub, BUCKET, {}, autonaming=options(proposed_name="the-bucket", mode=options.ENFORCE)
    )

    assert names[0] == names[1]
    assert names[0].startswith("res-")
    assert from_struct(enforced.inputs)["bucket"] == "the-bucket"


def test_an_object_lives_over_the_wire(stub: Stub, world: World) -> None:
    preview = create(stub, BUCKET, {"bucket": world.name}, preview=True)
    assert preview.id == ""
    assert from_struct(preview.properties)["arn"] is UNKNOWN

    made = create(stub, BUCKET, {"bucket": world.name})
    assert made.id == world.name
    assert from_struct(made.properties)["arn"] == f"arn:aws:s3:::{world.name}"

    wanted = check(stub, BUCKET, {"bucket": world.name, "tags": {"a.b": "1"}}, olds=made.properties)
    request: dict[str, Any] = {
        "id": made.id,
        "urn": urn(BUCKET),
        "olds": made.properties,
        "news": wanted.inputs,
    }
    diff = stub.Diff(provider_pb2.DiffRequest(**request))
    assert diff.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert sorted(diff.diffs) == ["tags", "tagsAll"]
    assert {path: item.kind for path, item in diff.detailedDiff.items()} == {
        "tags": provider_pb2.PropertyDiff.ADD,
        "tagsAll": provider_pb2.PropertyDiff.ADD,
    }
    planned = stub.Update(provider_pb2.UpdateRequest(**request, preview=True))
    assert from_struct(planned.properties)["tags"] == {"a.b": "1"}
    updated = stub.Update(provider_pb2.UpdateRequest(**request))
    assert from_struct(updated.properties)["tags"] == {"a.b": "1"}

    read = stub.Read(
        provider_pb2.ReadRequest(
            id=made.id, urn=urn(BUCKET), properties=updated.properties, inputs=wanted.inputs
        )
    )
    assert read.id == made.id
    assert read.properties == updated.properties
    unchanged = stub.Diff(
        provider_pb2.DiffRequest(
            id=made.id, urn=urn(BUCKET), olds=read.properties, news=wanted.inputs
        )
    )
    assert unchanged.changes == provider_pb2.DiffResponse.DIFF_NONE

    delete(stub, BUCKET, made)
    gone = stub.Read(
        provider_pb2.ReadRequest(id=made.id, urn=urn(BUCKET), properties=updated.properties)
    )
    assert gone == provider_pb2.ReadResponse()


def test_a_replacement_is_reported_with_its_kind(stub: Stub) -> None:
    diff = stub.Diff(
        provider_pb2.DiffRequest(
            id="a",
            urn=urn(BUCKET),
            olds=to_struct({"bucket": "a", "region": "us-east-1"}),
            news=to_struct({"bucket": "b", "region": "us-east-1"}),
        )
    )

    assert list(diff.replaces) == ["bucket"]
    assert diff.deleteBeforeReplace
    assert diff.detailedDiff["bucket"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    assert "region" in diff.stables


def test_a_half_made_object_comes_with_what_there_is(stub: Stub, world: World) -> None:
    # A bucket that is made, with a policy that S3 then refuses.
    inputs = {"bucket": world.name, "policy": '{"Statement": "none"}'}

    with pytest.raises(grpc.RpcError) as caught:
        create(stub, BUCKET, inputs)

    error: Any = caught.value
    trailing = {item.key: item.value for item in error.trailing_metadata()}
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert detail.id == world.name
    assert from_struct(detail.properties)["arn"] == f"arn:aws:s3:::{world.name}"
    assert from_struct(detail.inputs)["policy"] == inputs["policy"]
    (reason,) = detail.reasons
    assert reason == status.message == error.details()
    assert reason.startswith(f"creating S3 Bucket ({world.name}): operation error S3: PutBucketPol")
    delete(stub, BUCKET, detail)


def test_a_refusal_of_aws_is_one_line(stub: Stub, world: World) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(stub, TRAIL, {"name": world.name, "s3BucketName": "no-such-bucket"})

    code, details = refused(caught)
    assert code is grpc.StatusCode.UNKNOWN
    assert details.startswith(f"creating CloudTrail Trail ({world.name}): operation error")
    assert "\n" not in details


def test_a_function_answers_or_says_what_is_wrong(stub: Stub, world: World) -> None:
    who = stub.Invoke(
        provider_pb2.InvokeRequest(tok="aws:index/getCallerIdentity:getCallerIdentity")
    )
    wrong = stub.Invoke(provider_pb2.InvokeRequest(tok="aws:iam/getRole:getRole"))

    answer = from_struct(getattr(who, "return"))
    assert answer["accountId"] == world.organization.management_account_id
    assert [failure.reason for failure in wrong.failures] == ["Missing required property 'name'"]


@pytest.mark.parametrize(
    ("token", "arguments", "message"),
    [
        ("aws:iam/getRole:getRole", {"name": UNKNOWN}, "an argument is not known yet"),
        ("aws:iam/getRole:getRole", {"name": "absent"}, "absent: couldn't find resource"),
        ("aws:ec2/getVpc:getVpc", {}, "is not emulated in the sandbox"),
    ],
)
def test_a_function_that_cannot_answer_is_an_error(
    token: str, arguments: dict[str, Any], message: str, stub: Stub
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments)))

    code, details = refused(caught)
    assert code is grpc.StatusCode.UNKNOWN
    assert message in details


def test_a_bug_is_one_line_for_the_user_and_a_traceback_in_the_log(sandbox: Sandbox) -> None:
    plugin = Plugin(sandbox)
    plugin.stub.Configure(_configuration())
    broken = to_struct({"key": {SIGNATURE: "no signature at all"}})

    with pytest.raises(grpc.RpcError) as caught:
        plugin.stub.Check(provider_pb2.CheckRequest(urn=urn(KEY), news=broken))

    code, details = refused(caught)
    assert code is grpc.StatusCode.INTERNAL
    assert details == (
        "internal error of the sandbox's aws plugin: ValueError: an object with the unknown "
        "signature 'no signature at all'"
    )
    log = plugin.stop()
    assert "Check failed" in log
    assert "Traceback" in log


def test_the_process_ends_when_its_engine_is_gone(sandbox: Sandbox) -> None:
    plugin = Plugin(sandbox, "127.0.0.1:1")  # an address without a listener

    assert plugin.process.wait(timeout=PATIENCE) == 0
    plugin.channel.close()
    plugin.process.communicate()
