"""Everything that is asked, in order: what is known decides what is asked next."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import is_permission_set, partition_of_region
from cloudtrail_guard.detection.event_rules import GLOBAL_REGIONS
from cloudtrail_guard.policies.document import many
from integrity.coverage import LATE
from integrity.log_layout import LogLayout

from posture.collect.access import AT_ONCE
from posture.collect.alerts import ask_about_alarms, ask_about_rules, ask_about_topic, topics_of
from posture.collect.answers import Answer, Facts, ask, failed
from posture.collect.coverage import DigestFolders, covered_hours, digest_places
from posture.collect.lake import ask_about_event_data_stores
from posture.collect.organization import ask_about_organization
from posture.collect.replica import ask_about_copies, ask_about_replica, destination
from posture.collect.roles import ask_about_identity_policy, ask_about_role
from posture.collect.services import ask_about_services
from posture.collect.storage import (
    ask_about_bucket,
    ask_about_key,
    ask_about_size,
    bucket_region,
)
from posture.collect.trail import ask_about_trail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

    from posture.collect.access import Access, Clients
    from posture.collect.answers import Place

PREFIX = "cloudtrail-guard"
"""How the stacks' names of rules and policies begin (`stacks.names`)."""

_ROLE = re.compile(r"arn:[a-z0-9-]+:iam::\d{12}:(role|user)/[^*?]+")

Progress = Callable[[str, int, int], None]
"""Called with a stage, and how much of it is done, of how much."""


@dataclass(kw_only=True)
class Collector:
    """Asks AWS about one trail.

    Attributes:
        access: the accounts' clients.
        trail_arn: the trail.
        until: until when coverage is looked for.
        hours: how many hours of it.
        named_roles: ARNs of roles that the stack's outputs call exempt.
        named_replica: the replica and ARN of its key, as the stack's outputs name them.
        progress: is given what is done.
    """

    access: Access
    trail_arn: str
    until: datetime
    hours: int
    named_roles: tuple[str, ...] = ()
    named_replica: tuple[str | None, str | None] = (None, None)
    progress: Progress = lambda _stage, _done, _of: None
    _answers: dict[str, Answer] = field(default_factory=dict[str, Answer])

    @property
    def _region(self) -> str:
        return self.trail_arn.split(":")[3]

    @property
    def _account(self) -> str:
        return self.trail_arn.split(":")[4]

    def collect(self) -> Facts:
        """Ask everything."""
        started = datetime.now(UTC).replace(microsecond=0)
        end = self.until.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        start = end - timedelta(hours=self.hours)
        # Two pools: a question of the first may wait for questions of the second.
        with ThreadPoolExecutor(AT_ONCE) as pool, ThreadPoolExecutor(AT_ONCE) as inner:
            self._trail_and_organization(inner)
            region = self._storage()
            accounts = self._clients_of()
            self._roles(accounts, pool)
            self._alerts(accounts, region, pool, inner)
            self._services(accounts, region)
            places = self._coverage(region, start, pool)
        return Facts(
            started=started,
            start=start,
            hours=self.hours,
            answers=dict(sorted(self._answers.items())),
            places=places,
        )

    def _trail_and_organization(self, pool: Executor) -> None:
        self.progress("trail", 0, 1)
        self._answers |= ask_about_trail(self.access.trail, self.trail_arn)
        self.progress("trail", 1, 1)
        done = iter(range(1, 100))
        self._answers |= ask_about_organization(
            self.access.trail,
            self._region,
            pool,
            lambda _call: self.progress("organization", next(done), 7),
        )

    def _storage(self) -> str | None:
        """Ask about bucket, key and replica; the bucket's region, if AWS says it."""
        trail = self._answers["trail"].value or {}
        bucket, key = trail.get("S3BucketName"), trail.get("KmsKeyId")
        if not bucket:
            return None
        self.progress("bucket and key", 0, 3)
        located = bucket_region(self.access.logs, bucket, self._region)
        self._answers["bucket.region"] = located
        region: str | None = located.value
        if region is not None:
            self._answers |= ask_about_bucket(self.access.logs, bucket, region, "bucket")
            self._answers["bucket.size"] = ask_about_size(self.access.logs, bucket, region)
        self.progress("bucket and key", 1, 3)
        if key and key.startswith("arn:"):
            self._answers |= ask_about_key(self.access.logs, key, "key")
        self.progress("bucket and key", 2, 3)
        # Where nothing is copied there any more, the stack's outputs still say where copies are.
        replication = self._answers.get("bucket.replication")
        copied_to = destination(replication and replication.value)
        replica, replica_key = self.named_replica if any(self.named_replica) else copied_to
        self._answers |= ask_about_replica(self.access.replica, replica, replica_key, self._region)
        self.progress("bucket and key", 3, 3)
        return region

    def _clients_of(self) -> Mapping[str, Clients]:
        """Clients by account, as AWS names the account of the credentials."""
        found: dict[str, Clients] = {}
        for name, clients in (("trail", self.access.trail), ("logs", self.access.logs)):
            sts = clients("sts", self._region)
            answer = ask(
                "sts:GetCallerIdentity", name, lambda sts=sts: _caller(sts.get_caller_identity())
            )
            self._answers[f"caller.{name}"] = answer
            if answer.value:
                found.setdefault(answer.value["Account"], clients)
        return found

    def _roles(self, clients_of: Mapping[str, Clients], pool: Executor) -> None:
        documents = [
            *(
                self._answers[key].value
                for key in ("bucket.policy", "key.policy")
                if key in self._answers
            ),
            *(
                each["Content"]
                for key in ("scps", "rcps")
                for each in self._answers[key].value or ()
            ),
        ]
        arns = sorted(
            {*self.named_roles, *(arn for each in documents for arn in exempt_arns(each))}
        )
        of_roles = pool.map(lambda arn: ask_about_role(clients_of, arn, self._region), arns)
        for n, (arn, answer) in enumerate(zip(arns, of_roles, strict=True), start=1):
            self._answers[f"role.{arn}"] = answer
            self.progress("exempt roles", n, len(arns))
        partition = partition_of_region(self._region)
        for name in (PREFIX, f"{PREFIX}-mfa", f"{PREFIX}-boundary"):
            policy = f"arn:{partition}:iam::{self._account}:policy/{name}"
            self._answers[f"identity-policy.{name}"] = (
                ask_about_identity_policy(clients_of[self._account]("iam", self._region), policy)
                if self._account in clients_of
                else failed("iam:GetPolicyVersion", policy, "the trail's account was not read")
            )

    def _alerts(
        self, clients_of: Mapping[str, Clients], region: str | None, pool: Executor, inner: Executor
    ) -> None:
        group = (self._answers["trail"].value or {}).get("CloudWatchLogsLogGroupArn", "")
        if group:
            name = group.split(":log-group:", maxsplit=1)[-1].removesuffix(":*")
            self._answers |= ask_about_alarms(self.access.trail, name, self._region, inner)
        home = GLOBAL_REGIONS.get(partition_of_region(self._region), self._region)
        asked: set[tuple[str, str]] = {(self._account, self._region), (self._account, home)}
        asked |= {
            (account, region) for account in clients_of if region and account != self._account
        }
        places = sorted(asked)
        for n, (account, there) in enumerate(places, start=1):
            key = f"rules.{account}.{there}"
            self._answers[key] = (
                ask_about_rules(clients_of[account], there, PREFIX, inner)
                if account in clients_of
                else failed("events:ListRules", there, f"account {account} was not read")
            )
            self.progress("alarms and rules", n, len(places))
        topics = topics_of(self._answers)
        for arn, answer in zip(
            topics, pool.map(lambda arn: ask_about_topic(clients_of, arn), topics), strict=True
        ):
            self._answers[f"topic.{arn}"] = answer

    def _services(self, clients_of: Mapping[str, Clients], region: str | None) -> None:
        """Ask about the services that watch besides, where each stack has them: beside its logs."""
        self._answers["lake"] = ask_about_event_data_stores(self.access.trail, self._region)
        for account, clients in clients_of.items():
            there = self._region if account == self._account else region or self._region
            self._answers |= ask_about_services(clients, account, there)

    def _coverage(self, region: str | None, start: datetime, pool: Executor) -> tuple[Place, ...]:
        trail = self._answers["trail"].value
        if region is None or not trail or not trail.get("LogFileValidationEnabled"):
            return ()
        organization = (
            self._answers["organization"].value if trail.get("IsOrganizationTrail") else None
        )
        layout = LogLayout(
            bucket=trail["S3BucketName"],
            trail_arn=self.trail_arn,
            organization=organization and organization["Id"],
            prefix=trail.get("S3KeyPrefix", ""),
        )
        active = [
            each["Id"]
            for each in (self._answers["accounts"].value or () if organization else ())
            if each.get("Status", each.get("State")) == "ACTIVE"
        ]
        folders = DigestFolders(s3=self.access.logs("s3", region), layout=layout)
        self._copies(folders)
        places, answer = digest_places(
            self.access.trail,
            folders,
            active,
            pool,
            lambda done, of: self.progress("accounts and regions", done, of),
        )
        if not trail.get("IsMultiRegionTrail"):
            places = [place for place in places if place.region == self._region]
        self._answers["places"] = answer
        found: list[Place] = []
        hours = pool.map(lambda place: covered_hours(folders, place, start, self.hours), places)
        for place in hours:
            found.append(place)
            self.progress("digests", len(found), len(places))
        return tuple(found)

    def _copies(self, folders: DigestFolders) -> None:
        region = self._answers.get("replica.region")
        if region and region.value:
            replica = region.of, region.value
            due = self.until.astimezone(UTC) - LATE
            self._answers["replica.copies"] = ask_about_copies(
                self.access.replica, folders, due, replica
            )


def exempt_arns(document: Mapping[str, Any] | None) -> Iterator[str]:
    """The roles and users that the denies of a document name in their conditions."""
    statements = (document or {}).get("Statement", ())
    for statement in [statements] if isinstance(statements, dict) else statements:
        if statement.get("Effect") != "Deny":
            continue
        for keys in statement.get("Condition", {}).values():
            for key, values in keys.items():
                if key.lower() == "aws:principalarn":
                    for arn in many(values):
                        if _ROLE.fullmatch(arn) or is_permission_set(arn):
                            yield arn


def _caller(answer: Mapping[str, str]) -> dict[str, str]:
    return {key: answer[key] for key in ("Account", "Arn")}
