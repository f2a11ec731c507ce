"""The page as text: nothing from a network, and nothing that a name could make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from posture.collect.answers import Place
from posture.compare import changes
from posture.render.page import render
from posture.render.terminal import show

from tests.support.posture import (
    BREAK_GLASS,
    HOSTILE,
    LOGS,
    TOPICS,
    answer,
    changed,
    good_facts,
    hostile_facts,
    report,
)

if TYPE_CHECKING:
    from posture.collect.answers import Facts

GOOD = report(good_facts())


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_asks_no_network_for_anything() -> None:
    page = render(GOOD)

    for tag, attributes in Elements(page).found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        for name in ("src", "href", "action", "data"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    assert "url(http" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(name: str) -> None:
    before, after = report(good_facts()), report(hostile_facts(name), {})

    page = render(after, changes(before, after))

    elements = Elements(page).found
    assert sum(tag == "script" for tag, _ in elements) == 1
    assert not any(tag in {"img", "marquee"} for tag, _ in elements)
    assert not any(key.startswith("on") for _, attributes in elements for key in attributes)
    assert not any("style" in attributes for _, attributes in elements)


def test_every_link_within_the_page_leads_somewhere() -> None:
    facts = hostile_facts(HOSTILE[0])
    elements = Elements(render(report(facts, {}), changes(GOOD, report(facts, {})))).found

    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    targets = {str(a["href"])[1:] for _, a in elements if a.get("href")}
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_a_page_of_a_comparison_says_before_and_now() -> None:
    after = report(changed("bucket.versioning", lambda _: "Suspended"))

    page = re.sub(r"<[^>]+>|\s+", " ", render(after, changes(GOOD, after)))

    assert "Versioning is enabled." in page
    assert "Versioning is: Suspended." in page
    assert "Nothing changed." in re.sub(r"\s+", " ", render(GOOD, []))


def test_the_terminal_shows_control_characters_of_names_as_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    subscription = {"protocol": "sms", "endpoint": "\x1b[2Jgone", "confirmed": False}
    facts = changed(
        f"topic.{TOPICS[LOGS]}", lambda topic: {**topic, "subscriptions": [subscription]}
    )

    show(report(facts), [])

    shown = capsys.readouterr().out
    assert "\\x1b[2Jgone" in shown
    assert "\x1b[2J" not in shown


def many(accounts: int, regions: int) -> Facts:
    """An organization of many accounts, some with gaps."""
    facts = good_facts()
    ids = [f"{n:012d}" for n in range(100000000000, 100000000000 + accounts)]
    listed = [{"Id": each, "Name": f"account {n}", "State": "ACTIVE"} for n, each in enumerate(ids)]
    full = facts.places[0].hours
    places = tuple(
        Place(account=each, region=f"eu-west-{n}", hours=full if int(each) % 50 else full & ~64)
        for each in ids
        for n in range(regions)
    )
    parents = {**facts.value("parents"), **dict.fromkeys(ids, "ou-a1b2-11111111")}
    answers = {
        **facts.answers,
        "accounts": answer([*facts.value("accounts"), *listed]),
        "parents": answer(parents),
    }
    return replace(facts, answers=answers, places=places)


def test_a_page_of_many_accounts_stays_small_and_shows_those_with_gaps_first() -> None:
    page = render(report(many(500, 17)))

    assert len(page) < 8_000_000
    accounts = re.findall(r'class="account" data-state="(\w+)"', page)
    assert len(accounts) == 500
    assert accounts[:10] == ["bad"] * 10
    assert set(accounts[10:]) == {"good"}


def test_the_break_glass_role_is_on_the_page() -> None:
    assert BREAK_GLASS in render(GOOD)
