"""The browser that is there, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def launch(playwright: Playwright) -> Browser:
    """Start it; where there is none the test is skipped, or fails if REQUIRE_BROWSER is 1."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        message = f"no browser: none of {', '.join(NAMES)} is on PATH"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    # Root has no sandbox of chromium's, and the pages are our own.
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
