"""What nobody should meet on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def faults(page: Page, *parts: str) -> list[str]:
    """Return what axe finds in parts of a page, or in all of it, and whether the page scrolls sideways."""
    found = [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for part in parts or ("html",)
        for fault in Axe().run(page, part).response["violations"]
    ]
    return found if page.evaluate(FITS) else [*found, "scrolls sideways"]
