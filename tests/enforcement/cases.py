"""One request with every policy that has a say, for two evaluators."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.aws.enforcement.authorization import Policies, Policy, authorize
from sandbox.aws.policy_evaluation import Principal, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENCRYPTED_FOR = "kms:EncryptionContext:aws:cloudtrail:arn"
_OTHER_NAMES = {ENCRYPTED_FOR: "aws:Referer", "kms:EncryptionContext:aws:s3:arn": "aws:UserAgent"}


@dataclass(frozen=True)
class Who:
    """Who asks: ARN (or service), the ARN in conditions, and its account."""

    arn: str
    principal_arn: str = ""
    account: str = ""

    @property
    def is_service(self) -> bool:
        return self.arn.endswith(".amazonaws.com")

    @property
    def is_role(self) -> bool:
        return ":assumed-role/" in self.arn

    @property
    def principal(self) -> Principal:
        if self.is_service:
            return Principal(service=self.arn)
        if not self.arn:
            return Principal()
        return Principal(account_id=self.account, arns=(self.principal_arn, self.arn))


def session(role: str) -> Who:
    account, name = role.split(":")[4], role.rpartition("/")[2]
    return Who(f"arn:aws:sts::{account}:assumed-role/{name}/s", role, account)


def itself(arn: str) -> Who:
    return Who(arn, arn, arn.split(":")[4])


@dataclass(frozen=True)
class Case:
    """One request with every policy that has a say."""

    who: Who
    action: str
    resource: str
    owner: str
    context: dict[str, str]
    policy: Mapping[str, Any] | None
    identity: tuple[Mapping[str, Any], ...] = ()
    boundary: dict[str, Any] | None = None
    session: dict[str, Any] | None = None
    scps: list[list[Mapping[str, Any]]] = field(default_factory=list[Any])
    rcps: list[Mapping[str, Any]] = field(default_factory=list[Any])

    def ours(self) -> str:
        """What the sandbox's evaluator says, as the other one words it."""
        policies = Policies(
            service_control=[[text(policy) for policy in level] for level in self.scps],
            resource_control=[text(policy) for policy in self.rcps],
            identity=(
                None
                if self.who.is_service or not self.who.arn or self.who.arn.endswith(":root")
                else [text(policy) for policy in self.identity]
            ),
            boundary=None if self.boundary is None else text(self.boundary),
            session=None if self.session is None else text(self.session),
            resource=None if self.policy is None else text(self.policy),
            elsewhere=self.who.account != self.owner,
            leaves_to_identity=not self.action.startswith("kms:"),
        )
        request = Request(self.who.principal, self.action, self.resource, self.context)
        refused = authorize(request, policies)
        if refused is None:
            return "Allowed"
        return "ExplicitlyDenied" if refused.explicit else "ImplicitlyDenied"

    def theirs(self) -> dict[str, Any]:
        """The case as the other evaluator takes it.

        It takes no keys of KMS's encryption context (but the placeholder in AWS's list of keys), so
        those go by the names of keys that no document uses, in policies and request alike.
        """
        simulation: dict[str, Any] = {
            "request": {
                "principal": self.who.arn or {"type": "Anonymous"},
                "action": self.action,
                "resource": {"resource": self.resource, "accountId": self.owner},
                "contextVariables": self.context,
            },
            "identityPolicies": named(self.identity),
            "serviceControlPolicies": [
                {"orgIdentifier": f"level-{number}", "policies": named(level)}
                for number, level in enumerate(self.scps)
            ],
            "resourceControlPolicies": [{"orgIdentifier": "root", "policies": named(self.rcps)}],
        }
        if self.policy:
            simulation["resourcePolicy"] = self.policy
        if self.boundary:
            simulation["permissionBoundaryPolicies"] = named([self.boundary])
        if self.session:
            simulation["sessionPolicy"] = self.session
        text_of_all = json.dumps(simulation)
        for key, other in _OTHER_NAMES.items():
            text_of_all = text_of_all.replace(key, other)
        return json.loads(text_of_all)


def text(policy: Mapping[str, Any]) -> Policy:
    return Policy(json.dumps(policy))


def named(policies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": f"p{number}", "policy": policy} for number, policy in enumerate(policies)]
