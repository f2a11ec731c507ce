"""What a deployment of any input must come to: one clear error, or all that AWS would accept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import botocore.session
import pulumi
from cloudtrail_guard import quotas
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret

from sandbox.aws import policy_grammar
from sandbox.aws.policy_conditions import values as values_of
from sandbox.aws.policy_evaluation import Principal, Request, principals
from sandbox.aws.policy_evaluation import statements as statements_of
from sandbox.aws.policy_grammar import GrammarError, Kind
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.values import UNKNOWN, Archive
from sandbox.tests.effects import Effect, decide
from tests.support.deployment import ACCOUNT, Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

REGION = "eu-west-1"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"
IDENTITY_POLICY = Kind(principal="forbidden", resource="required")
TRUST_LIMIT = 2_048
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
INLINE_LIMIT = 10_240
QUEUE_LIMIT = 8_192
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"""
TOPIC_LIMIT = 30_720
"""https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html: no
# wildcard stands for a part of a name or ARN.
_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:aws(-cn|-us-gov)?:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)", re.ASCII
)
_RESOURCE = re.compile(r"\*|arn:(aws(-cn|-us-gov)?|\*):[a-z0-9*-]+:[^:]*:[^:]*:.+", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """What a run came to: what was registered, and the error that ended it, if one did."""

    deployment: Deployment
    error: Exception | None = None


def outcome_of(run: Callable[[Deployment], object]) -> Outcome:
    """Run, and keep what was registered before an error as well."""
    deployment = Deployment()
    try:
        run(deployment)
    except Exception as error:  # noqa: BLE001 - which it may be is what is tested
        return Outcome(deployment, error)
    return Outcome(deployment)


def assert_clear(outcome: Outcome, *, deployer_is_left_out: bool = False) -> None:
    """One error of our own and no resource, or resources that AWS and the provider accept.

    Args:
        outcome: what the run came to.
        deployer_is_left_out: whether the input names other deployers than the one that deploys;
            otherwise bucket and key never lock it out.
    """
    made = [each for each in outcome.deployment.resources if each.type.startswith("aws:")]
    if outcome.error is not None:
        assert isinstance(outcome.error, (pulumi.RunError, InputPropertiesError)), repr(
            outcome.error
        )
        assert str(outcome.error).strip()
        registered = [each.path for each in made if not each.read]
        assert not registered, f"{outcome.error}: half-made, with {registered}"
        return
    problems = [
        f"{each.path}: {problem}"
        for each in made
        if not each.read
        for problem in (
            *_refused(each.type, each.name, each.inputs),
            *_documents(each, locks=not deployer_is_left_out),
        )
    ]
    assert not problems, "\n".join(problems)


@cache
def _provider() -> Provider:
    """A provider that only checks: nothing is behind it."""
    session = botocore.session.Session()
    account = SimpleNamespace(
        region=REGION, partition="aws", partition_of=session.get_partition_for_region
    )
    provider = Provider()
    provider._account = account  # type: ignore[assignment]  # noqa: SLF001 - checks ask no AWS
    return provider


def _refused(token: str, name: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    try:
        checked = _provider().check(token, name, _with_unknowns(inputs))
    except ResourceError as error:
        yield str(error)
        return
    yield from (f"{failure.property}: {failure.reason}" for failure in checked.failures)


def _with_unknowns(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if is_rpc_secret(value):
        return _with_unknowns(unwrap_rpc_secret(value))
    if isinstance(value, pulumi.Archive):
        return Archive(assets=())
    if isinstance(value, dict):
        return {key: _with_unknowns(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(each) for each in value]
    return value


_DOCUMENTS: dict[str, tuple[str, Kind, int]] = {
    "BucketPolicy": ("policy", policy_grammar.RESOURCE_POLICY, quotas.BUCKET_POLICY.limit),
    "Key": ("policy", policy_grammar.RESOURCE_POLICY, quotas.KEY_POLICY.limit),
    "KeyPolicy": ("policy", policy_grammar.RESOURCE_POLICY, quotas.KEY_POLICY.limit),
    "TopicPolicy": ("policy", policy_grammar.RESOURCE_POLICY, TOPIC_LIMIT),
    "QueuePolicy": ("policy", policy_grammar.RESOURCE_POLICY, QUEUE_LIMIT),
    "Role": ("assumeRolePolicy", policy_grammar.TRUST_POLICY, TRUST_LIMIT),
    "RolePolicy": ("policy", IDENTITY_POLICY, INLINE_LIMIT),
}


def _documents(resource: Any, *, locks: bool) -> Iterator[str]:
    kind_name = resource.type.rsplit(":", maxsplit=1)[-1]
    if resource.type.startswith("aws:iam/policy:"):
        place = ("policy", IDENTITY_POLICY, quotas.MANAGED_POLICY.limit)
    elif resource.type.startswith("aws:organizations/policy:"):
        control = resource.inputs["type"] == "RESOURCE_CONTROL_POLICY"
        kind = policy_grammar.RCP if control else policy_grammar.SCP
        place = ("content", kind, (quotas.RCP if control else quotas.SCP).limit)
    elif kind_name in _DOCUMENTS:
        place = _DOCUMENTS[kind_name]
    else:
        return
    text = resource.inputs.get(place[0])
    if not isinstance(text, str):
        return
    if len(text.encode()) > place[2]:
        yield f"its {place[0]} has {len(text.encode())} bytes, more than {place[2]}"
    try:
        document = policy_grammar.parse(text, place[1])
    except GrammarError as error:
        yield f"{error}: {text}"
        return
    yield from _parts(document)
    if locks and kind_name in _MANAGED:
        yield from _lock_outs(document, *_MANAGED[kind_name](resource.inputs))


def _parts(document: Mapping[str, Any]) -> Iterator[str]:
    """Principals and resources that AWS refuses by their form."""
    for statement in statements_of(document):
        for kind, value in principals(statement):
            if kind == "AWS" and not _PRINCIPAL.fullmatch(value):
                yield f"{statement.get('Sid')}: the principal {value!r} is none"
        for value in values_of(statement.get("Resource", [])):
            if not _RESOURCE.fullmatch(value):
                yield f"{statement.get('Sid')}: the resource {value!r} is none"


def _bucket(inputs: Mapping[str, Any]) -> tuple[str, str]:
    return "s3:PutBucketPolicy", f"arn:aws:s3:::{inputs['bucket']}"


def _key(_: object) -> tuple[str, str]:
    return "kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"


_MANAGED = {"BucketPolicy": _bucket, "Key": _key, "KeyPolicy": _key}


def locks_out(document: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether a document denies the deploying role an action."""
    return _effect(document, action, resource) is Effect.DENY


def _lock_outs(document: Mapping[str, Any], action: str, resource: str) -> Iterator[str]:
    effect = _effect(document, action, resource)
    if effect is Effect.DENY or (action.startswith("kms:") and effect is not Effect.ALLOW):
        yield f"{action} by the deployer: {effect}: {json.dumps(document)}"


def _effect(document: Mapping[str, Any], action: str, resource: str) -> Effect:
    request = Request(
        Principal(ACCOUNT, (DEPLOYER, f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/someone")),
        action,
        resource,
        {
            "aws:PrincipalArn": DEPLOYER,
            "aws:PrincipalAccount": ACCOUNT,
            "aws:PrincipalOrgID": "o-a1b2c3d4e5",
            "aws:PrincipalIsAWSService": "false",
            "aws:SecureTransport": "true",
            "s3:TlsVersion": "1.3",
        },
    )
    return decide(document, request)
