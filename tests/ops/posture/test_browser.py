"""The page in a real browser: what people and screen readers meet.

Where there is no chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from posture.compare import changes
from posture.render.page import render

from tests.support.browser import launch
from tests.support.posture import HOSTILE, WORKLOAD, changed, good_facts, hostile_facts, report

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

WIDTHS = (360, 820, 1600)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by name: of a good report, of a hostile one with what changed."""
    folder = tmp_path_factory.mktemp("pages")
    good, hostile = report(good_facts()), report(hostile_facts("".join(HOSTILE)), {})
    suspended = report(changed("bucket.versioning", lambda _: "Suspended"))
    pages = {
        "good": render(good),
        "changed": render(suspended, changes(good, suspended)),
        "hostile": render(hostile, changes(good, hostile)),
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    return {name: folder / f"{name}.html" for name in pages}


class Opened:
    """A page that was opened, and all that the browser said of it."""

    def __init__(self, browser: Browser, file: Path, **options: Any) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self._context = browser.new_context(**options)
        self.page: Page = self._context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()


OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
CHECKS = ".check:not([hidden])"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["good", "hostile"])
def test_a_page_is_accessible(
    browser: Browser, files: dict[str, Path], name: str, scheme: str
) -> None:
    # The policy of the page would keep axe-core out as well.
    with Opened(browser, files[name], color_scheme=scheme, bypass_csp=True) as opened:
        opened.page.evaluate(OPEN_ALL)
        found = Axe().run(opened.page, options=RULES)

        assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["good", "changed", "hostile"])
def test_a_page_fits_its_window_and_says_no_error(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    with Opened(browser, files[name], viewport={"width": width, "height": 900}) as opened:
        opened.page.evaluate(OPEN_ALL)

        assert opened.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert opened.said == []


def brightness(colour: str) -> int:
    """Of a colour that the browser gives as `rgb()` or `rgba()`: 0 to 765; transparent is paper."""
    red, green, blue, *alpha = map(float, colour.strip("rgba()").split(","))
    return 765 if alpha == [0] else int(red + green + blue)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_follows_the_colour_scheme(
    browser: Browser, files: dict[str, Path], scheme: str
) -> None:
    with Opened(browser, files["good"], color_scheme=scheme) as opened:
        colour = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert (brightness(colour) > 382) is (scheme == "light")


@pytest.mark.parametrize("name", ["good", "hostile"])
def test_under_its_own_policy_a_page_runs_its_script_and_asks_for_nothing(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    with Opened(browser, files[name]) as opened:
        title = opened.page.title()
        opened.page.fill("#find", "no check has these words")

        expect(opened.page.locator(CHECKS)).to_have_count(0)
        assert opened.said == []
        assert opened.asked == [files[name].as_uri()]
        assert opened.page.title() == title != "owned"


def test_hostile_names_are_read_as_they_are(browser: Browser, files: dict[str, Path]) -> None:
    with Opened(browser, files["hostile"]) as opened:
        text = opened.page.inner_text("body")

        assert all(name in text for name in HOSTILE)


def test_search_and_states_narrow_the_checks(browser: Browser, files: dict[str, Path]) -> None:
    with Opened(browser, files["good"]) as opened:
        page = opened.page
        checks = page.locator(CHECKS)
        every = checks.count()
        page.keyboard.press("/")
        page.keyboard.type("kept bucket.versioning")
        expect(checks).to_have_count(1)
        expect(page.locator("#found")).to_contain_text("1 of")

        page.fill("#find", WORKLOAD)
        expect(page.locator("#coverage .account:not([hidden])")).to_have_count(1)

        page.fill("#find", "")
        expect(checks).to_have_count(every)
        page.uncheck(".chip input[value=good]")
        others = page.locator(".check:not([data-state=good])").count()
        expect(checks).to_have_count(others)
        assert 0 < others < every


def test_the_keyboard_reaches_everything(browser: Browser, files: dict[str, Path]) -> None:
    with Opened(browser, files["good"]) as opened:
        page = opened.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.focus(".group:last-of-type > summary")
        before = page.evaluate("document.querySelector('.group:last-of-type').open")
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('.group:last-of-type').open") is not before


def test_a_station_of_the_picture_leads_to_what_is_wrong(
    browser: Browser, files: dict[str, Path]
) -> None:
    with Opened(browser, files["changed"]) as opened:
        page = opened.page
        page.click("svg.flow a[aria-label^='Log bucket: bad']")

        page.wait_for_selector(".check:target[open]")
        assert "Versioning is: Suspended." in page.inner_text(".check:target")


PRINTED = {"width": 700, "height": 990}
"""The text of an A4 page, in CSS pixels."""


@pytest.mark.parametrize("name", ["good", "hostile"])
def test_a_printed_page_is_light_and_whole_and_has_no_tools(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    with Opened(browser, files[name], color_scheme="dark", viewport=PRINTED) as opened:
        page = opened.page
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")

        assert not any(page.is_visible(tool) for tool in ("nav", "#find", ".chip", "#expand"))
        for checked in page.locator(".check").all():
            assert checked.is_visible()
        # Nothing is cut on the right, not even within what scrolls on a screen.
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main th, main td, main svg.flow, main .check")]
                .filter((each) => each.getBoundingClientRect().right > innerWidth)
                .map((each) => each.textContent)"""
        )
        assert cut == []
        backgrounds = page.evaluate(
            """() => [...document.querySelectorAll("body, .badge, .card, .matrix td, .group")]
                .map((each) => getComputedStyle(each).backgroundColor)"""
        )
        assert min(brightness(each) for each in backgrounds) > 600
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_after_printing_what_was_closed_is_closed_again(
    browser: Browser, files: dict[str, Path]
) -> None:
    with Opened(browser, files["good"]) as opened:

        def closed() -> int:
            return opened.page.locator("details:not([open])").count()

        before = closed()
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert closed() < before
        assert opened.page.locator("#checks .group:not([open])").count() == 0

        opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert closed() == before


def test_without_its_script_the_page_is_whole(browser: Browser, files: dict[str, Path]) -> None:
    with Opened(browser, files["good"], java_script_enabled=False) as opened:
        assert opened.page.locator("#matrix td").count() > 0
        assert opened.page.locator(".check").count() > 0
