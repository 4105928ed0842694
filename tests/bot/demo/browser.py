"""A headless Chromium for the tests of the page: the system's own, found on the path."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = {"width": 1280, "height": 800}
POCKET = {"width": 390, "height": 844}


def chromium() -> str:
    """Give the browser's path; without one the test is skipped, and fails where CI says that one must be there."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium on the path: .ci/run installs one")
    if found is None:
        pytest.skip("no Chromium on the path")
    return found


@asynccontextmanager
async def opened(address: str, size: dict[str, int] | None = None, *, dark: bool = False) -> AsyncIterator[Page]:
    """Open an address; whatever the page complains about in its console fails the test."""
    path = chromium()
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            context = await browser.new_context(
                viewport=size or LAPTOP,  # type: ignore[arg-type]
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            page = await context.new_page()
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.set_default_timeout(10_000)
            await page.goto(address)
            await page.locator(".person").nth(1).wait_for(state="attached")
            yield page
        finally:
            await browser.close()
    assert complaints == []
