"""The replica: are logs copied to a second region or account, and do the copies stay there?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cloudtrail_guard.arns import Location
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy

from posture.collect.replica import destination
from posture.evaluate.checks import Rule, attention, bad, good, listed, off, unknown
from posture.evaluate.meant import spared, statements
from posture.evaluate.statements import statement_checks
from posture.evaluate.storage import bucket_checks, key_checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posture.collect.answers import Facts
    from posture.evaluate.checks import Verdict
    from posture.evaluate.meant import Meant, Statement
    from posture.report import Check


def replica_checks(facts: Facts, meant: Meant) -> Iterator[Check]:
    """The checks of the copies; one alone where there are none."""
    if facts["trail"].value is None:
        return
    yield Rule(
        id="replica.replication",
        title="Logs are copied to a second bucket",
        key="bucket.replication",
        decide=lambda found: _replication(found, facts, meant),
    ).check(facts)
    region = facts["replica.region"]
    documents = _meant_documents(facts, meant)
    if region.value is not None:
        _, key = destination(facts.value("bucket.replication"))
        yield from bucket_checks(facts, "replica", meant.replica_key or key)
        yield from statement_checks(
            facts["replica.policy"],
            "replica.policy",
            documents.bucket,
        )
        if facts.value("trail").get("LogFileValidationEnabled"):
            yield Rule(
                id="replica.copies",
                title="The newest digest is in the replica as well",
                key="replica.copies",
                decide=_copies,
            ).check(facts)
    if facts.below("replica.key."):
        yield from key_checks(facts, "replica.key", "The replica's key")
        yield from statement_checks(
            facts["replica.key.policy"],
            "replica.key.policy",
            documents.key,
        )


class _Documents(NamedTuple):
    """The statements that the replica's policies may have; none where it cannot be said."""

    bucket: list[list[Statement]]
    key: list[list[Statement]]


def _meant_documents(facts: Facts, meant: Meant) -> _Documents:
    """What the replica's policies must say.

    The log bucket's replication names the role that copies, or else the replica's own policy does;
    in an account of its own the replica has exempt roles of its own, which the outputs name, or its
    policy does.
    """
    of = {str(each.get("Sid")): each for each in statements(facts.value("replica.policy", {}))}
    role = facts.value("bucket.replication", {}).get("Role") or next(
        iter(spared(of.get("DenyReplicationByOthers"))), None
    )
    account = _account(facts, meant)
    if role is None or account is None:
        return _Documents([], [])
    break_glass, deployers = meant.break_glass, meant.deployers
    if account != meant.log_account:
        outputs = meant.outputs
        deletion = spared(of.get("DenyDeleteCloudTrailLogs"))
        break_glass = tuple(outputs.get("replicaBreakGlassRoleArns", deletion))
        both = spared(of.get("DenyLogBucketTampering"))
        deployers = tuple(
            outputs.get("replicaDeployerRoleArns", [arn for arn in both if arn not in break_glass])
        )
    guard = BucketGuard(
        partition=meant.partition,
        bucket=facts["replica.region"].of,
        organization_id=meant.organization_id,
        break_glass=break_glass,
        deployers=deployers,
    )
    location = Location(
        partition=meant.partition, region=facts.value("replica.region", ""), account=account
    )
    try:
        return _Documents(
            [statements(replica_bucket_policy(guard, account=account, replication_role=role))],
            [
                statements(
                    replica_key_policy(
                        location,
                        bucket=guard.bucket,
                        replication_role=role,
                        break_glass=break_glass,
                        deployers=deployers,
                    )
                )
            ],
        )
    except InvalidValueError:
        return _Documents([], [])


def _account(facts: Facts, meant: Meant) -> str | None:
    """The replica's account: that of its key."""
    key = meant.replica_key or destination(facts.value("bucket.replication"))[1]
    return key.split(":")[4] if key else meant.log_account


def _replication(found: Mapping[str, Any] | None, facts: Facts, meant: Meant) -> Verdict:
    """Whether everything that is encrypted is copied, to the replica and nowhere else.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
    """
    rules: Sequence[Mapping[str, Any]] = (found or {}).get("Rules") or ()
    if not rules and meant.replica_bucket is None:
        return off("There is no copy in a second region.")
    to = {_bucket(rule): rule for rule in rules if rule.get("Status") == "Enabled"}
    if not to:
        return bad("Replication is disabled." if rules else "Logs are not copied any more.")
    wanted = meant.replica_bucket or next(iter(to))
    region = facts["replica.region"]
    foreign = meant.log_account not in {None, _account(facts, meant)}
    says = f"Logs are copied to {wanted} in {region.value}{', in another account' * foreign}."
    return next(_problems(to, wanted, facts, foreign=foreign), good(says))


def _problems(
    to: Mapping[str, Mapping[str, Any]], wanted: str, facts: Facts, *, foreign: bool
) -> Iterator[Verdict]:
    """What is wrong with the rules that are in force, by the buckets that they copy to."""
    region = facts["replica.region"]
    if wanted not in to:
        yield bad(f"Logs are copied to {listed(to)}, and not to {wanted}.")
    elif region.error:
        yield unknown(f"The replica's region is not known: {region.error}")
    elif region.value is None:
        yield bad("The replica bucket is gone.")
    elif narrowed := _narrowed(to[wanted]):
        yield bad(f"Logs are copied only in part: {narrowed}.")
    if others := sorted(to.keys() - {wanted}):
        yield attention(f"Logs are copied to {wanted}, and to {listed(others)} as well.")
    if region.value == facts["bucket.region"].value and not foreign:
        yield attention(f"Logs are copied to {wanted}, in the log bucket's own region.")


def _bucket(rule: Mapping[str, Any]) -> str:
    return str(rule["Destination"]["Bucket"]).rsplit(":", maxsplit=1)[-1]


def _narrowed(rule: Mapping[str, Any]) -> str:
    """What a rule leaves out; nothing where it copies all logs."""
    chosen = rule.get("Filter") or {}
    both = chosen.get("And") or {}
    prefix = chosen.get("Prefix") or both.get("Prefix") or rule.get("Prefix")
    criteria = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    if prefix:
        return f"what begins with {prefix}"
    if chosen.get("Tag") or both.get("Tags"):
        return "what has a tag"
    if criteria.get("Status") != "Enabled":
        return "what KMS encrypts is left out, and so is every log"
    return ""


def _copies(found: Mapping[str, Any] | None) -> Verdict:
    newest = (found or {}).get("newest")
    if newest is None:
        return attention("No digest is due yet.")
    if not (found or {}).get("copied"):
        return bad("The newest digest that is due is not there: copies are late, or do not arrive.")
    return good("The newest digest that is due is there.")
