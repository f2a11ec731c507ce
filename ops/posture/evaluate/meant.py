"""What was meant: from the stack's outputs, or else from what the documents themselves say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posture.collect.answers import Facts

_INVERTED = ("NotAction", "NotResource", "NotPrincipal")

Statement: TypeAlias = "Mapping[str, Any]"
"""A statement of a policy document, as AWS holds it."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What bucket and key are meant to say.

    Attributes:
        trail_arn: the trail.
        bucket: the log bucket's name; None where not even that is known.
        key_arn: the log key's ARN.
        organization_id: the organization's id, for an organization trail.
        log_account: the account of bucket and key.
        break_glass: ARNs of the roles that every deny lets through.
        deployers: ARNs of the roles that may change bucket and key.
        exempt: ARNs that the guardrails exempt besides.
        account_trails: ARNs of further trails that the bucket admits.
        member_trails: names of trails of any account that it admits.
        readers: ARNs that bucket and key let read; None where the stack does not say.
        replica_bucket: the replica's name, if the stack says that there is one.
        replica_key: ARN of its key.
        outputs: the stacks' outputs by name; empty where none were given.
    """

    trail_arn: str
    bucket: str | None
    key_arn: str | None
    organization_id: str | None
    log_account: str | None
    break_glass: tuple[str, ...] = ()
    deployers: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    account_trails: tuple[str, ...] = ()
    member_trails: tuple[str, ...] = ()
    readers: tuple[str, ...] | None = None
    replica_bucket: str | None = None
    replica_key: str | None = None
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The trail's account: the management account of an organization."""
        return self.trail_arn.split(":")[4]

    @property
    def region(self) -> str:
        """The trail's home region."""
        return self.trail_arn.split(":")[3]

    @property
    def partition(self) -> str:
        """The partition."""
        return self.trail_arn.split(":")[1]

    def bucket_policies(self) -> list[list[Statement]]:
        """The statements that the bucket's policy may have: with `aws:SourceOrgID`, or without.

        Empty where it cannot be said, because no role is known to be exempt.
        """
        if self.bucket is None:
            return []
        access = LogBucketAccess(
            bucket=self.bucket,
            organization_trail=self.trail_arn if self.organization_id else None,
            account_trails=self.account_trails if self.organization_id else (self.trail_arn,),
            member_trails=self.member_trails,
            organization_id=self.organization_id,
            break_glass=self.break_glass,
            deployers=self.deployers,
        )
        try:
            return [
                statements(log_bucket_policy(each))
                for each in (access, replace(access, require_source_org_id=False))
            ]
        except InvalidValueError:
            return []

    def key_policies(self) -> list[list[Statement]]:
        """The statements that the key's policy may have; empty where it cannot be said."""
        if self.log_account is None:
            return []
        access = LogKeyAccess(
            account=self.log_account,
            trails=(self.trail_arn, *self.account_trails),
            member_trails=self.member_trails,
            organization_id=self.organization_id,
            break_glass=self.break_glass,
            deployers=self.deployers,
        )
        try:
            return [statements(log_key_policy(access))]
        except InvalidValueError:
            return []


def read_meant(facts: Facts, trail_arn: str, outputs: Mapping[str, Any]) -> Meant:
    """What was meant.

    Args:
        facts: the answers.
        trail_arn: the trail.
        outputs: outputs of the stacks by name; empty for none.
    """
    trail = facts.value("trail", {})
    policy = facts.value("bucket.policy", {})
    key = outputs.get("keyArn") or trail.get("KmsKeyId")
    found = {str(each.get("Sid")): each for each in statements(policy)}
    deletion = spared(found.get("DenyDeleteCloudTrailLogs"))
    tampering = spared(found.get("DenyLogBucketTampering"))
    break_glass = tuple(outputs.get("breakGlassRoleArns", deletion))
    organization = facts.value("organization", {}).get("Id")
    is_organization = bool(trail.get("IsOrganizationTrail") or outputs.get("organizationId"))
    return Meant(
        trail_arn=outputs.get("trailArn", trail_arn),
        bucket=outputs.get("bucketName") or trail.get("S3BucketName"),
        key_arn=key,
        organization_id=outputs.get("organizationId")
        or (organization if is_organization else None),
        log_account=outputs.get("accountId") or (key.split(":")[4] if key else None),
        break_glass=break_glass,
        deployers=tuple(
            outputs.get("deployerRoleArns", [arn for arn in tampering if arn not in break_glass])
        ),
        exempt=tuple(outputs.get("guardrailExemptRoleArns", ())),
        account_trails=tuple(
            outputs.get(
                "accountTrailArns",
                [
                    arn
                    for arn in _condition(
                        found.get("AWSCloudTrailAclCheck20150319"), "aws:sourcearn"
                    )
                    if arn != trail_arn and arn.startswith("arn:")
                ]
                if is_organization
                else (),
            )
        ),
        member_trails=tuple(
            outputs.get(
                "memberTrailNames",
                [
                    arn.rsplit("/", maxsplit=1)[-1]
                    for arn in _condition(found.get("AWSCloudTrailMemberWrite"), "aws:sourcearn")
                ],
            )
        ),
        readers=tuple(outputs["readerArns"]) if "readerArns" in outputs else None,
        replica_bucket=outputs.get("replicaBucketName"),
        replica_key=outputs.get("replicaKeyArn"),
        outputs=outputs,
    )


def statements(document: Mapping[str, Any]) -> list[Statement]:
    """The statements of a document, which may be one alone."""
    found = document.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def spared(statement: Statement | None) -> list[str]:
    """The full ARNs that a deny lets through."""
    found = _condition(statement, "aws:principalarn")
    return [arn for arn in found if arn.startswith("arn:") and "*" not in arn]


def _condition(statement: Mapping[str, Any] | None, wanted: str) -> list[str]:
    return [
        str(value)
        for keys in (statement or {}).get("Condition", {}).values()
        for key, values in keys.items()
        if key.lower() == wanted
        for value in many(values)
    ]


def many(value: Any) -> Sequence[Any]:  # noqa: ANN401 - of a policy document
    """One value or several, as several."""
    return value if isinstance(value, list | tuple) else [value]


def differences(wanted: Statement, found: Statement) -> list[str]:
    """In which respects a statement is weaker than, or other than, what is meant.

    A deny of more actions, or on more resources, is no difference; an allow of more is one.
    """
    return list(_differences(wanted, found))


def _differences(wanted: Statement, found: Statement) -> Iterator[str]:
    if found.get("Effect") != wanted["Effect"]:
        yield f"its effect is {found.get('Effect')}"
    for part in ("Action", "Resource"):
        want = {_folded(part, each) for each in many(wanted.get(part, []))}
        have = {_folded(part, each) for each in many(found.get(part, []))}
        if missing := want - have:
            yield f"{part} lacks {', '.join(sorted(missing))}"
        if wanted["Effect"] == "Allow" and (added := have - want):
            yield f"{part} has {', '.join(sorted(added))} as well"
    yield from (f"it has a {part}" for part in _INVERTED if part in found)
    if (have_principal := _principal(found)) != _principal(wanted):
        yield f"its principal is {have_principal}"
    yield from _other_conditions(_conditions(wanted), _conditions(found))


def _other_conditions(
    wanted: Mapping[tuple[str, str], list[str]], found: Mapping[tuple[str, str], list[str]]
) -> Iterator[str]:
    for key in sorted(wanted.keys() | found.keys()):
        operator, name = key
        if key not in found:
            yield f"it lacks the condition {operator} {name}"
        elif wanted.get(key) != found[key]:
            yield f"its condition {operator} {name} is {', '.join(found[key])}"


def _folded(part: str, value: object) -> str:
    """Actions are not case-sensitive; resources are."""
    return str(value).lower() if part == "Action" else str(value)


def _principal(statement: Statement) -> str:
    given = statement.get("Principal")
    kinds = given if isinstance(given, dict) else {"AWS": given}
    return json.dumps({kind: sorted(map(str, many(each))) for kind, each in kinds.items()})


def _conditions(statement: Statement) -> dict[tuple[str, str], list[str]]:
    return {
        (operator, key.lower()): sorted(map(str, many(values)))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    }
