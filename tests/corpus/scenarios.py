"""Small stories with known answers: for each question what it must find, and what it must not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cloudtrail_guard.detection.queries import QUESTIONS, sql

from tests.corpus.access_stories import (
    console_logins_without_mfa,
    last_day_of_a_principal,
    reads_of_the_logs,
    root_use,
    use_of_an_access_key,
    use_of_break_glass,
)
from tests.corpus.counting_stories import (
    bursts_of_denials,
    first_seen_principals,
    first_seen_regions,
    roles_used_across_accounts,
)
from tests.corpus.logs import TABLE
from tests.corpus.stories import Clock
from tests.corpus.tampering_stories import (
    changes_of_bucket_or_key,
    changes_of_who_is_exempt,
    who_silenced_the_watch,
    who_stopped_logging,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.corpus.stories import Scenario

_STORIES: tuple[Callable[[Clock], Scenario], ...] = (
    who_stopped_logging,
    who_silenced_the_watch,
    changes_of_bucket_or_key,
    changes_of_who_is_exempt,
    root_use,
    console_logins_without_mfa,
    last_day_of_a_principal,
    use_of_an_access_key,
    use_of_break_glass,
    reads_of_the_logs,
    roles_used_across_accounts,
    bursts_of_denials,
    first_seen_principals,
    first_seen_regions,
)


def query(scenario: Scenario) -> str:
    """The scenario's query, with values in place of its placeholders."""
    (text,) = (sql(each, TABLE) for each in QUESTIONS if each.name == scenario.question)
    for placeholder, value in scenario.puts.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    return text


def scenarios(now: datetime | None = None) -> dict[str, Scenario]:
    """The stories by question.

    Args:
        now: the time at which they end; by default now: the queries ask for the last days.
    """
    clock = Clock((now or datetime.now(UTC)).replace(microsecond=0))
    return {story.question: story for story in (tell(clock) for tell in _STORIES)}
