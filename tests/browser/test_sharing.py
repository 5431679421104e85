"""Handing an article on in a browser: the link is copied, the system's own sheet is opened, and both are told."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from tests.browser.accessibility import faults
from tests.factories import make_approved, make_article

SHEET = "navigator.share = async (data) => { window.given = data; if (window.refusal) throw window.refusal; };"
SHIFTS = """new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true }) || setTimeout(() => tell([]), 500))"""


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return an article with a short text, so that what hands it on is seen at once."""
    return make_article(headline='Élus & élues : "oui"')


def status(page: Page) -> Locator:
    """Return what is said of what was done."""
    return page.locator(".share [role=status]")


def test_the_link_is_copied_and_that_is_said(page: Page, context: BrowserContext, article: Article) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{article.get_absolute_url()}?utm_source=x#commentaires")
    button = page.get_by_role("button", name="Copier le lien")
    button.focus()
    page.keyboard.press("Enter")

    expect(status(page)).to_have_text("Lien copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.partition("?")[0]
    assert (
        page.get_by_role("link", name="Envoyer par email").get_attribute("href").startswith("mailto:?subject=%C3%89lus")
    )


def test_what_cannot_be_copied_is_said_too(page: Page, article: Article) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Copier le lien").click()
    expect(status(page)).to_have_text("Le lien n’a pas pu être copié.")


def test_the_sheet_of_the_system_is_given_title_and_address(page: Page, article: Article) -> None:
    page.add_init_script(SHEET)
    page.goto(f"{article.get_absolute_url()}?page=1")
    button = page.get_by_role("button", name="Partager…")
    button.click()
    given = page.evaluate("window.given")
    assert given == {"title": article.display_headline, "url": page.url.partition("?")[0]}
    expect(status(page)).to_be_empty()

    page.evaluate("window.refusal = new DOMException('', 'AbortError')")
    button.click()
    expect(status(page)).to_be_empty()
    page.evaluate("window.refusal = new DOMException('', 'NotAllowedError')")
    button.click()
    expect(status(page)).to_have_text("Le partage n’a pas abouti.")


def test_buttons_are_large_named_and_move_nothing(article: Article, browser: Browser, live_server: LiveServer) -> None:
    make_approved(article)
    for width in (320, 390, 1440):
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.add_init_script(SHEET)
        # The two rankings become tabs: what that moves is not looked at here.
        page.route("**/tabs.js", lambda route: route.abort())
        page.goto(article.get_absolute_url(), wait_until="networkidle")
        acts = page.locator(".share :is(a, button)")
        boxes = [act.bounding_box() for act in acts.all()]
        assert len(boxes) == 3
        assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
        assert sum(page.evaluate(SHIFTS)) == 0
        assert faults(page, ".share", looks=[(width, "light"), (width, "dark")]) == []
        context.close()


def test_without_script_one_mails_and_no_button_is_there(plain_page: Page, article: Article) -> None:
    plain_page.goto(article.get_absolute_url())
    assert plain_page.get_by_role("link", name="Envoyer par email").is_visible()
    assert plain_page.locator(".share button").evaluate_all("all => all.map(one => one.offsetParent)") == [None, None]


def test_a_browser_that_shares_nothing_shows_no_such_button(page: Page, article: Article) -> None:
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("button", name="Copier le lien")).to_be_visible()
    expect(page.get_by_role("button", name="Partager…")).to_have_count(0)


def test_what_came_of_copying_is_told_beside_the_button(page: Page, context: BrowserContext, article: Article) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(article.get_absolute_url())
    copy = page.get_by_role("button", name="Copier le lien")
    copy.click()
    expect(status(page)).to_have_text("Lien copié.")
    button, told = copy.bounding_box(), status(page).bounding_box()
    assert button
    assert told
    assert 0 < told["x"] - button["x"] - button["width"] < 16
