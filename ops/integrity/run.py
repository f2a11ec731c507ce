"""The verification of all accounts and regions, which may be stopped and gone on with."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.config import Config

from integrity.coverage import HOUR, Period, late
from integrity.expectation import Expected, expect, organization_places
from integrity.findings import Report, Request, Verified
from integrity.log_layout import AccountRegion, LogLayout
from integrity.report_file import with_results
from integrity.s3.assumed_role import assumed
from integrity.s3.objects import ObjectStore
from integrity.s3.open_files import connections_allowed
from integrity.shards import Shard
from integrity.verification import PublicKeys, Source, accept_restarts, verify

_DIGESTS_AT_ONCE = 2048
"""Digests of the accounts and regions that are worked on: what memory allows."""
_PLACES_AT_ONCE = 128
_SAVED_EVERY = 60.0
"""Seconds."""


UNHURRIED = Config(retries={"mode": "adaptive", "max_attempts": 12})
"""For one request an account: all parts together get five ListRegions a second.

https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
"""


class StoppedError(Exception):
    """It was stopped before it was known which accounts and regions there are."""


class Clients:
    """Clients of one session, made once each, one at a time: sessions are not for several threads.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html
    """

    def __init__(
        self,
        profile: str | None = None,
        config: Config | None = None,
        session: botocore.session.Session | None = None,
    ) -> None:
        """Use the credentials and settings of a profile; None for those of the environment.

        Args:
            profile: the AWS profile.
            config: what is different from its settings.
            session: a session, in place of a profile's.
        """
        self._session = session or botocore.session.Session(profile=profile)
        self._config = config
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 has no types
        """The client of a service in a region."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._session.create_client(
                    service, region_name=region, config=self._config
                )
            return self._made[service, region]

    def store(self, region: str, at_once: int) -> ObjectStore:
        """What reads the buckets of a region."""
        return ObjectStore(
            lambda region: self.get("s3", region),
            region,
            self._session.get_credentials(),
            ca_bundle=self._session.get_config_variable("ca_bundle"),
            at_once=connections_allowed(at_once),
        )


def layout_of(request: Request) -> LogLayout:
    """Where the trail of a request delivers."""
    return LogLayout(
        bucket=request.bucket,
        trail_arn=request.trail_arn,
        organization=request.organization,
        prefix=request.prefix,
        replica=request.replica,
    )


@asynccontextmanager
async def open_source(request: Request, at_once: int) -> AsyncGenerator[Source]:
    """Find the bucket, or its replica, and close the connections to it at the end.

    CloudTrail's public keys are asked for with the caller's own credentials.

    Args:
        request: what is asked for.
        at_once: how many requests may be in flight.

    Raises:
        ClientError: AWS refuses to say where the bucket is, or to let a role be assumed.
        BotoCoreError: AWS cannot be reached, or there are no credentials.
    """
    layout, clients = layout_of(request), Clients()
    role, readers = request.archive_role, clients
    if role:
        readers = Clients(session=assumed(role, layout.home_region))
    region = await asyncio.to_thread(_bucket_region, readers, layout)
    store = readers.store(region, at_once)
    # Keys of later too: a backfill digest is signed when it is written.
    keys = PublicKeys(
        lambda region: clients.get("cloudtrail", region), request.start - HOUR, datetime.now(UTC)
    )
    try:
        yield Source(store=store, keys=keys, layout=layout, other_trails=request.other_trails)
    finally:
        store.close()


def _bucket_region(clients: Clients, layout: LogLayout) -> str:
    client = clients.get("s3", layout.home_region)
    found: str | None = client.get_bucket_location(Bucket=layout.read_bucket)["LocationConstraint"]
    return {"EU": "eu-west-1"}.get(found, found) if found else "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which accounts and regions to verify.

    Attributes:
        accounts: the accounts; none for all.
        regions: the regions; none for all.
        whole_organization: whether to ask for the organization's accounts and their regions.
        organization_profile: the AWS profile to ask with.
        shard: the part to verify; None for all.
    """

    accounts: Sequence[str]
    regions: Sequence[str]
    whole_organization: bool
    organization_profile: str | None
    shard: Shard | None


async def find_places(source: Source, wanted: Wanted) -> Expected:
    """Find out where digests must be, in all parts.

    Raises:
        ClientError: AWS refused to list accounts.
        StoppedError: it was stopped.
    """
    try:
        asked = (
            await asyncio.to_thread(_organization, wanted.organization_profile, source.layout)
            if wanted.whole_organization
            else []
        )
        return await expect(source.store, source.layout, wanted.accounts, wanted.regions, asked)
    except asyncio.CancelledError:
        raise StoppedError from None


def _organization(profile: str | None, layout: LogLayout) -> list[AccountRegion]:
    clients = Clients(profile, UNHURRIED)
    return organization_places(lambda service: clients.get(service, layout.home_region))


def with_places(report: Report, expected: Expected, shard: Shard | None) -> Report:
    """A report with what is to be verified, and what was found while it was looked for.

    Args:
        report: one without results.
        expected: where digests must be.
        shard: the part to verify; None for all.
    """
    problems = [
        each
        for each in expected.problems
        if shard is None or shard.has(AccountRegion(each.account, each.region))
    ]
    places = [place for place in expected.places if shard is None or shard.has(place)]
    return with_results(report, problems, places)


async def verify_rest(
    source: Source,
    report: Report,
    *,
    progress: Callable[[], None] = lambda: None,
    save: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """Verify what a report has as unchecked, until it is done or stopped.

    Args:
        source: where the logs are read.
        report: says what is unchecked.
        progress: called after each account and region.
        save: gets the report as it is, every minute: a process may end without a warning.
    """
    request, waiting = report.request, iter(report.unchecked)
    replicated = request.replica is not None
    now = request.due + late(replicated=replicated)
    period = Period(start=request.start, end=request.end, now=now, replicated=replicated)
    verified: list[Verified] = []

    async def work() -> None:
        for place in waiting:
            found = await verify(source, place, period)
            verified.append(accept_restarts(found) if request.allow_restart else found)
            progress()

    async def save_now_and_then() -> None:
        while True:
            await asyncio.sleep(_SAVED_EVERY)
            save(_so_far(report, verified))

    hours = max(1, (period.due - period.start) // HOUR)
    at_once = max(1, min(_PLACES_AT_ONCE, _DIGESTS_AT_ONCE // hours))
    saving = asyncio.create_task(save_now_and_then())
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())
    except asyncio.CancelledError:
        if task := asyncio.current_task():
            task.uncancel()
    finally:
        saving.cancel()
    return _so_far(report, verified)


def _so_far(report: Report, verified: Sequence[Verified]) -> Report:
    done = {(each.account, each.region) for each in verified}
    return with_results(
        report, verified, [place for place in report.unchecked if place not in done]
    )


@contextmanager
def stopped_by_signals() -> Generator[None]:
    """Have SIGTERM end the current task as Ctrl-C does."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has none
        loop.add_signal_handler(signal.SIGTERM, lambda: task and task.cancel())
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGTERM)
