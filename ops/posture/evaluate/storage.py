"""Bucket and key: does what is recorded stay, and stay readable?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudtrail_guard.policies.log_bucket import BUCKET_POLICY_SIDS
from cloudtrail_guard.policies.log_key import KEY_POLICY_SIDS

from posture.evaluate.checks import (
    Rule,
    attention,
    bad,
    evidence,
    good,
    listed,
    make,
    unknown,
    yes_or,
)
from posture.evaluate.statements import statement_checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posture.collect.answers import Facts
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.evaluate.meant import Meant
    from posture.report import Check

_YEAR = 365


def storage_checks(facts: Facts, meant: Meant) -> Iterator[Check]:
    """The checks of bucket and key."""
    trail = facts["trail"].value
    if trail is None:
        return
    yield Rule(
        id="bucket.exists",
        title="The log bucket exists",
        key="bucket.region",
        decide=lambda region: yes_or(
            region is not None, f"The bucket is in {region}.", "There is no such bucket."
        ),
    ).check(facts)
    yield _apart(facts, meant)
    if facts["bucket.region"].value is not None or facts["bucket.region"].error:
        yield from bucket_checks(facts, "bucket", trail.get("KmsKeyId"))
        yield from statement_checks(
            facts["bucket.policy"],
            "bucket.policy",
            meant.bucket_policies(),
            BUCKET_POLICY_SIDS,
            meant.readers,
        )
    if trail.get("KmsKeyId"):
        yield from key_checks(facts, "key", "The key")
        yield from statement_checks(
            facts["key.policy"], "key.policy", meant.key_policies(), KEY_POLICY_SIDS, meant.readers
        )


def _apart(facts: Facts, meant: Meant) -> Check:
    """Whether the logs lie in another account than the trail: its administrators are recorded."""
    answer = facts["trail"]
    if meant.log_account is None:
        verdict = unknown("The bucket's account is not known without a key's ARN.")
    elif meant.log_account != meant.account:
        verdict = good(f"Bucket and key are in account {meant.log_account}, apart from the trail.")
    elif meant.organization_id:
        verdict = bad("Bucket and key are in the management account, which no SCP binds.")
    else:
        verdict = attention("Trail, bucket and key are in one account.")
    return make(
        "bucket.account",
        "The logs are in an account of their own",
        verdict,
        [evidence(answer, lambda trail: {"KmsKeyId": trail.get("KmsKeyId")})],
    )


def bucket_checks(facts: Facts, name: str, key: str | None) -> Iterator[Check]:
    """The checks of a bucket with logs.

    Args:
        facts: the answers.
        name: how the answers' names and the checks' ids begin.
        key: ARN of the key that new objects must be encrypted with; None: any KMS key.
    """
    lock = facts[f"{name}.lock"].value
    rules = (
        Rule(
            id=f"{name}.versioning",
            title="Versions are kept",
            key=f"{name}.versioning",
            decide=lambda status: yes_or(
                status == "Enabled", "Versioning is enabled.", f"Versioning is: {status}."
            ),
        ),
        Rule(
            id=f"{name}.lock",
            title="Object Lock holds every log",
            key=f"{name}.lock",
            decide=object_lock,
        ),
        Rule(
            id=f"{name}.encryption",
            title="The bucket encrypts with KMS",
            key=f"{name}.encryption",
            decide=lambda rules: encryption(rules, key),
        ),
        Rule(
            id=f"{name}.public-access",
            title="Public access is blocked",
            key=f"{name}.public-access",
            decide=_public,
        ),
        Rule(
            id=f"{name}.ownership",
            title="ACLs are off",
            key=f"{name}.ownership",
            decide=lambda owner: yes_or(
                owner == "BucketOwnerEnforced", "ACLs are off.", f"ACLs are on: {owner}."
            ),
        ),
        Rule(
            id=f"{name}.payer",
            title="The bucket's owner pays",
            key=f"{name}.payer",
            decide=lambda payer: yes_or(
                payer == "BucketOwner",
                "The owner pays for requests.",
                "The requester pays: CloudTrail cannot deliver to such a bucket.",
            ),
        ),
        Rule(
            id=f"{name}.lifecycle",
            title="Nothing expires before its lock ends",
            key=f"{name}.lifecycle",
            decide=lambda rules: lifecycle(rules, lock),
        ),
    )
    yield from (rule.check(facts) for rule in rules)
    if name == "bucket":
        yield Rule(
            id="bucket.access-logs",
            title="Requests to the bucket are logged",
            key="bucket.access-logs",
            decide=lambda to: (
                good(f"Server access logs go to {to['TargetBucket']}.")
                if to
                else attention("Requests to the bucket leave no server access log.")
            ),
        ).check(facts)


def lock_days(lock: Mapping[str, Any] | None) -> int:
    """For how many days a new object is locked; 0 without a default retention."""
    retention = ((lock or {}).get("Rule") or {}).get("DefaultRetention") or {}
    return int(retention.get("Days") or 0) + int(retention.get("Years") or 0) * _YEAR


def object_lock(lock: Mapping[str, Any] | None) -> Verdict:
    """Whether, how and for how long new objects are locked."""
    days = lock_days(lock)
    if lock is None or lock.get("ObjectLockEnabled") != "Enabled":
        return bad("There is no Object Lock: a deleted version is gone.")
    if not days:
        return bad("Object Lock has no default retention: new log files are not locked.")
    mode = lock["Rule"]["DefaultRetention"]["Mode"]
    says = f"New log files are locked for {days:,} days in {mode} mode."
    if days < _YEAR:
        return attention(f"{says} That is less than a year.")
    return good(says)


def encryption(rules: Sequence[Mapping[str, Any]] | None, key: str | None) -> Verdict:
    """What new objects are encrypted with.

    Args:
        rules: the bucket's default encryption.
        key: ARN of the key that is meant; None: any KMS key.
    """
    default = (rules[0] if rules else {}).get("ApplyServerSideEncryptionByDefault") or {}
    if default.get("SSEAlgorithm") not in ("aws:kms", "aws:kms:dsse"):
        return bad(f"The default encryption is {default.get('SSEAlgorithm', 'none')}, not KMS.")
    found = default.get("KMSMasterKeyID")
    if key is not None and found != key:
        return bad(f"The default encryption uses another key than the trail: {found}.")
    return good("New objects are encrypted with the log key." if key else "A KMS key encrypts it.")


def lifecycle(rules: Sequence[Mapping[str, Any]] | None, lock: Mapping[str, Any] | None) -> Verdict:
    """Whether log files expire before their lock ends."""
    days = [
        int(rule["Expiration"]["Days"])
        for rule in rules or ()
        if rule.get("Status") == "Enabled" and (rule.get("Expiration") or {}).get("Days")
    ]
    dates = [
        rule
        for rule in rules or ()
        if rule.get("Status") == "Enabled" and (rule.get("Expiration") or {}).get("Date")
    ]
    if dates:
        return bad("A rule makes log files expire on a fixed date.")
    if not days:
        return good("Log files never expire.")
    if min(days) < lock_days(lock):
        return bad(
            f"Log files expire after {min(days):,} days, before their lock ends: what can be read "
            "without a version's id is gone."
        )
    if min(days) < _YEAR:
        return attention(f"Log files expire after {min(days):,} days, less than a year.")
    return good(f"Log files expire after {min(days):,} days.")


def _public(block: Mapping[str, bool] | None) -> Verdict:
    missing = [key for key, value in (block or {"all of it": False}).items() if not value]
    if missing:
        return bad(f"Public access is not blocked: {listed(missing)}.")
    return good("Public access is blocked, in all four ways.")


def key_checks(facts: Facts, name: str, title: str) -> Iterator[Check]:
    """The checks of a key.

    Args:
        facts: the answers.
        name: how the answers' names and the checks' ids begin.
        title: what it is called.
    """
    rules = (
        Rule(
            id=f"{name}.state",
            title=f"{title} is enabled",
            key=f"{name}.state",
            decide=lambda state: yes_or(
                state == "Enabled", "The key is enabled.", f"The key is: {state or 'gone'}."
            ),
        ),
        Rule(
            id=f"{name}.rotation",
            title=f"{title} rotates",
            key=f"{name}.rotation",
            decide=lambda on: (
                good("It rotates every year.") if on else attention("It does not rotate.")
            ),
        ),
        Rule(
            id=f"{name}.grants",
            title=f"No grant goes past the policy of {title.lower()}",
            key=f"{name}.grants",
            decide=lambda grants: (
                attention(f"There are grants for {listed(sorted(set(grants)))}.")
                if grants
                else good("There is no grant.")
            ),
        ),
    )
    yield from (rule.check(facts) for rule in rules)
