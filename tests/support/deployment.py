"""Running a Pulumi program on the SDK's own test runtime, and looking at what it registers.

Every run has a context of its own, so that tests neither see nor wait for each other. The fake
AWS answers as little as it can: ids and ARNs of what is made, the caller, and what a test gives it.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from cloudtrail_guard.arns import partition_of_region
from pulumi.runtime import mocks

ACCOUNT = "111122223333"
MANAGEMENT_ACCOUNT = "123456789012"
ORGANIZATION = "o-a1b2c3d4e5"
ROOT = "r-a1b2"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Registered:
    """A resource that the program registered, or read."""

    type: str
    name: str
    inputs: dict[str, Any]
    protect: bool
    retain_on_delete: bool
    parent: str
    dependencies: tuple[str, ...]
    read: bool = False
    aliases: tuple[str, ...] = ()
    """What it was called before, in the form of `path`."""

    @property
    def path(self) -> str:
        """Its parent's type, its own, and its name, as a URN has them: ``parent$type::name``."""
        return _path(self.parent, self.type, self.name)


@dataclass
class Deployment:
    """What a program did."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def of_type(self, type_name: str) -> list[Registered]:
        """Resources whose type token ends in this, e.g. ``BucketPolicy``."""
        return [r for r in self.resources if r.type.rsplit(":", maxsplit=1)[-1] == type_name]

    def only(self, type_name: str, name: str | None = None) -> Registered:
        """The one resource of this type (and name)."""
        found = [r for r in self.of_type(type_name) if name in (None, r.name)]
        assert len(found) == 1, f"{len(found)} resources of type {type_name}: {found}"
        return found[0]


class FakeAws(mocks.Mocks):
    """Answers as AWS would, for one account and region."""

    def __init__(self, region: str, account: str, live: Facts, functions: Facts) -> None:
        """Take where the caller is, what exists (by resource id), and further function results."""
        self.region, self.account, self.live = region, account, live
        self.partition = partition_of_region(region)
        self.functions = functions
        self._iam = f"arn:{self.partition}:iam::{account}"

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        caller = f"arn:{self.partition}:sts::{self.account}:assumed-role/Deploy/someone"
        answers: dict[str, Any] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": self.account,
                "arn": caller,
                "userId": "AROAEXAMPLE:someone",
            },
            "aws:index/getPartition:getPartition": {"partition": self.partition},
            "aws:index/getRegion:getRegion": {"region": self.region, "name": self.region},
            "aws:iam/getSessionContext:getSessionContext": {
                "arn": caller,
                "issuerArn": f"arn:{self.partition}:iam::{self.account}:role/pipeline/Deploy",
            },
            **self.functions,
        }
        answer = answers[args.token]
        if isinstance(answer, Exception):
            return {}, [("", str(answer))]
        return answer, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.resource_id:
            return args.resource_id, dict(self.live[args.resource_id])
        if not args.typ.startswith("aws:"):
            return "", {}
        here = f"{args.inputs.get('region', self.region)}:{self.account}"
        made: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
            "Bucket": lambda: (
                str(args.inputs["bucket"]),
                {"arn": f"arn:{self.partition}:s3:::{args.inputs['bucket']}"},
            ),
            "Key": lambda: (
                KEY_ID,
                {"arn": f"arn:{self.partition}:kms:{here}:key/{KEY_ID}", "keyId": KEY_ID},
            ),
            "Trail": lambda: (
                args.name,
                {
                    "arn": f"arn:{self.partition}:cloudtrail:{here}:trail/{args.inputs['name']}",
                    "homeRegion": self.region,
                },
            ),
            "Policy": lambda: (
                f"p-{args.name.replace('-', '_')}",
                {"arn": f"{self._iam}:policy/{args.name}"},
            ),
            "Role": lambda: (
                args.name,
                {
                    "arn": f"{self._iam}:role/{args.inputs.get('name', args.name)}",
                    "name": args.inputs.get("name", args.name),
                },
            ),
            "Topic": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:sns:{here}:{args.inputs['name']}"},
            ),
            "Queue": lambda: (
                args.name,
                {
                    "arn": f"arn:{self.partition}:sqs:{here}:{args.inputs['name']}",
                    "url": f"https://sqs.invalid/{self.account}/{args.inputs['name']}",
                },
            ),
            "OrganizationManagedRule": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:config:{here}:organization-config-rule/{args.name}"},
            ),
            "Analyzer": lambda: (
                args.name,
                {
                    "arn": f"arn:{self.partition}:access-analyzer:{here}:analyzer/"
                    f"{args.inputs['analyzerName']}"
                },
            ),
            "EventDataStore": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:cloudtrail:{here}:eventdatastore/{args.name}"},
            ),
            "LogGroup": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:logs:{here}:log-group:{args.inputs['name']}"},
            ),
            "Function": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:lambda:{here}:function:{args.inputs['name']}"},
            ),
            "EventBus": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:events:{here}:event-bus/{args.inputs['name']}"},
            ),
            "EventRule": lambda: (
                args.name,
                {"arn": f"arn:{self.partition}:events:{here}:rule/{args.inputs['name']}"},
            ),
        }
        name = args.typ.rsplit(":", maxsplit=1)[-1]
        id_, outputs = made[name]() if name in made else (f"{args.name}-id", {})
        return id_, {**args.inputs, **outputs}


class RecordingMonitor(mocks.MockMonitor):
    """Keeps the options too, which the mocks are never shown."""

    def __init__(self, fake: FakeAws, deployment: Deployment) -> None:
        """Record into this deployment."""
        super().__init__(fake)
        self._deployment = deployment

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self._record(request, read=False)
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        response = super().ReadResource(request)
        self._record(request, read=True)
        return response

    def _record(self, request: Any, *, read: bool) -> None:
        properties = request.properties if read else request.object
        self._deployment.resources.append(
            Registered(
                type=request.type,
                name=request.name,
                inputs=pulumi.runtime.rpc.deserialize_properties(properties),
                protect=False if read else request.protect,
                retain_on_delete=False if read else request.retainOnDelete,
                parent=request.parent,
                dependencies=tuple(request.dependencies),
                read=read,
                aliases=() if read else _aliases(request),
            )
        )


def _aliases(request: Any) -> tuple[str, ...]:
    specs = [alias.spec for alias in request.aliases if alias.HasField("spec")]
    return tuple(
        _path(
            spec.parentUrn or request.parent, spec.type or request.type, spec.name or request.name
        )
        for spec in specs
    )


def _path(parent: str, type_name: str, name: str) -> str:
    parent_type = parent.rsplit("::", maxsplit=2)[1].rsplit("$", maxsplit=1)[-1] if parent else ""
    return f"{parent_type}${type_name}::{name}"


class _Messages(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.INFO:
            self._messages.append(record.getMessage())


def deploy(  # noqa: PLR0913 - each is one thing that a test may want different
    program: Callable[[], object],
    *,
    region: str = "eu-west-1",
    account: str = ACCOUNT,
    preview: bool = False,
    live: Facts | None = None,
    functions: Facts | None = None,
    stack: str = "test",
    config: Mapping[str, str] | None = None,
    into: Deployment | None = None,
) -> Deployment:
    """Run a program and return what it registered.

    Args:
        program: registers resources.
        region: the provider's region.
        account: the caller's account.
        preview: whether this is a preview, in which outputs of new resources are unknown.
        live: state of existing resources by id, for what the program reads.
        functions: answers of further functions by token; an exception is a failure.
        stack: the stack's name.
        config: the stack's config by full key.
        into: what records the run; it is there as well when the program ends with an error.
    """
    deployment = Deployment() if into is None else into

    def run() -> None:
        logger = logging.Logger("deployment")  # noqa: LOG001 - one for this run alone
        logger.addHandler(_Messages(deployment.messages))
        fake = FakeAws(region, account, live or {}, functions or {})
        mocks.set_mocks(
            fake,
            project="cloudtrail-guard",
            stack=stack,
            organization="organization",
            preview=preview,
            logger=logger,
            monitor=RecordingMonitor(fake, deployment),
        )
        pulumi.runtime.set_all_config(dict(config or {}))
        mocks.test(lambda: exported(program()))()

    def exported(_: object) -> pulumi.Output[None]:
        root = pulumi.runtime.get_root_resource()
        outputs = pulumi.Output.from_input(dict(getattr(root, "outputs", {})))
        return outputs.apply(deployment.outputs.update)

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        contextvars.copy_context().run(run)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return deployment
