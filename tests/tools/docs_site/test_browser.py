"""The site in a real browser, over HTTP: search, widths, colours, and nothing asked of others.

Where there is no chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from docs_site.build import build
from playwright.sync_api import expect, sync_playwright

from tests.support.browser import launch

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PAGES = ("index", "start", "concepts", "coming-from/cloudposse", "how-to/hand-over-alerts")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
DRAWINGS = {"include": [["figure.drawing"]]}
"""What axe looks at: the drawings are ours, the rest is the generator's theme."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder = tmp_path_factory.mktemp("site") / "site"
    build(folder, source="https://github.com/OWNER/REPO/blob/main")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [360, 820, 1600])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_its_window_and_asks_nothing_of_others(
    browser: Browser, address: str, page: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    opened = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(f"{address}/{page}.html", wait_until="networkidle")

    assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert said == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_are_readable_in_both_schemes(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto(f"{address}/concepts.html")
    colour = opened.evaluate("getComputedStyle(document.querySelector('.drawn .paper')).fill")

    found = Axe().run(opened, context=DRAWINGS, options=RULES)

    assert (sum(map(int, colour.strip("rgb()").split(","))) > 382) is (scheme == "light")
    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    context.close()


def test_search_finds_a_page_by_a_word_of_it(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    opened = context.new_page()
    opened.goto(f"{address}/index.html")
    opened.keyboard.press("Control+k")
    opened.keyboard.type("dead-man", delay=20)

    expect(opened.locator("body")).to_contain_text("Dead-man alarms")
    context.close()
