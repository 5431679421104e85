"""What nobody should meet on a page."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

type Look = tuple[int, str]

# A telephone by night and a wide screen by day, unless a test says otherwise: widths in px, and schemes.
LOOKS: tuple[Look, ...] = ((320, "dark"), (1440, "light"))

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# Colours on their way from one scheme to the other are neither's.
STILL = """Promise.allSettled(
    document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished)
).then(() => true)"""
VIOLATIONS = """async (part) => (await axe.run(part, { resultTypes: ["violations"] })).violations.map(
    (fault) => `${fault.id}: ${fault.nodes[0].html}`
)"""


def faults(page: Page, *parts: str, looks: Sequence[Look] = ()) -> list[str]:
    """Return what axe finds in parts of a page, or in all of it, and whether the page scrolls sideways.

    With `looks`, the page is looked at in each of them, without being loaded again; it keeps the last one. With the
    environment's SCREENSHOTS, the name of a folder, it is drawn there.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in looks:
        take_on(page, width, scheme)
        found += [f"{width}, {scheme}: {fault}" for fault in _seen(page, parts)]
    return found if looks else _seen(page, parts)


def take_on(page: Page, width: int, scheme: str) -> None:
    """Show a page in a window of a width, in px, and in a scheme, once nothing changes its colour any more."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(STILL)
    if folder := os.environ.get("SCREENSHOTS"):
        name = urlsplit(page.url).path.strip("/").replace("/", "-")
        page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)


def _seen(page: Page, parts: tuple[str, ...]) -> list[str]:
    found = [fault for part in parts or ("html",) for fault in page.evaluate(VIOLATIONS, part)]
    return found if page.evaluate(FITS) else [*found, "scrolls sideways"]
