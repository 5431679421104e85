"""Every page in a browser: no accessibility fault in either scheme, no sideways scrolling, little weight."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Month
from comments.models import Comment
from tests.browser.accessibility import faults
from tests.browser.session import log_in
from tests.factories import make_approved, make_article, make_author, make_legal_pages, make_user

TALKED_ABOUT = "/articles/vaudresnes-pont-ferme-deux-rives/"
ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
PAGES = (
    "/",
    TALKED_ABOUT,
    "/rubriques/idees/",
    "/auteurs/nicolas-colin/",
    "/auteurs/samia-belhacene/",
    "/themes/elus-locaux/",
    "/archives/",
    "/classements/lus/",
    "/mentions-legales/",
    "/confidentialite/",
    "/accessibilite/",
    "/contact/",
)


@pytest.fixture
def newspaper(transactional_db: None) -> None:
    """Write the demo newspaper."""
    call_command("demo", verbosity=0)
    make_legal_pages()


def addresses() -> list[str]:
    """Return the public addresses and those that depend on a row."""
    comment = Comment.objects.pending().first()
    parent = Comment.objects.approved().filter(parent=None, article__slug="vaudresnes-pont-ferme-deux-rives").first()
    assert comment
    assert parent
    month = Month.objects.latest("begins_at").get_absolute_url()
    return [
        *PAGES,
        month,
        ESSAY,
        comment.get_absolute_url(),
        f"{TALKED_ABOUT}commentaires/?parent={parent.pk}",
        "/rien/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(newspaper: None, browser: Browser, live_server: LiveServer, scheme: str) -> None:
    context = browser.new_context(base_url=live_server.url, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for address in addresses():
        page.goto(address)
        found[address] = faults(page)
    page.goto(ESSAY)
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    page.get_by_role("alert").wait_for()
    found["form with errors"] = faults(page)
    context.close()
    assert {address: listed for address, listed in found.items() if listed} == {}


def test_axe_finds_nothing_on_the_desk(newspaper: None, browser: Browser, live_server: LiveServer) -> None:
    user = make_user("moderatrice", groups=["Modérateurs"])
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    log_in(page, user)
    found = {}
    for address in (
        "/admin/",
        "/admin/comments/comment/",
        f"/admin/comments/comment/{Comment.objects.first().pk}/change/",
    ):
        page.goto(address)
        found[address] = faults(page)
    context.close()
    assert {address: listed for address, listed in found.items() if listed} == {}


@pytest.mark.parametrize("width", [390, 820, 1024, 1200, 1440])
def test_the_desk_shows_texts_at_a_readable_width(
    newspaper: None, browser: Browser, live_server: LiveServer, width: int
) -> None:
    user = make_user("cheffe", groups=["Modérateurs"], is_superuser=True)
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, user)
    page.goto("/admin/comments/comment/")
    box = page.locator(".comment-text").first.bounding_box()
    context.close()
    assert box
    assert box["width"] >= 270
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [320, 390, 820, 1440, 2000])
def test_nothing_scrolls_sideways(newspaper: None, browser: Browser, live_server: LiveServer, width: int) -> None:
    article = make_article(
        headline="Anticonstitutionnellement" * 4,
        standfirst="W" * 290,
        authors=[make_author(name="N" * 80, credentials="c" * 200)],
        footnote="Note " + "x" * 300,
    )
    make_approved(article, author_name="M" * 80, body="Z" * 60 + " https://exemple.fr/" + "a" * 900)
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    for address in [*addresses(), article.get_absolute_url()]:
        page.goto(address)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, address
    context.close()


def test_the_article_weighs_little(newspaper: None, page: Page) -> None:
    page.goto(ESSAY, wait_until="networkidle")
    sizes = page.evaluate(
        """() => [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")]
            .map((entry) => [entry.name, entry.encodedBodySize])"""
    )
    fonts = sum(size for name, size in sizes if name.endswith(".woff2"))
    total = sum(size for _name, size in sizes)
    assert fonts > 0
    assert total - fonts <= 60_000
    assert total <= 150_000


def test_rankings_are_tabs_that_arrows_move_between(newspaper: None, page: Page) -> None:
    page.goto(ESSAY)
    read, commented = page.get_by_role("tab").all()
    assert read.get_attribute("aria-selected") == "true"
    read.focus()
    page.keyboard.press("ArrowRight")
    assert commented.get_attribute("aria-selected") == "true"
    assert page.get_by_role("tabpanel").count() == 1


def test_without_javascript_rankings_are_two_headed_lists(newspaper: None, plain_page: Page) -> None:
    plain_page.goto(ESSAY)
    for title in ("Sujets les + lus", "Sujets les + commentés"):
        assert plain_page.get_by_role("heading", name=title).is_visible()
    assert Article.objects.published().count() == 21
