"""Every page in a browser: no accessibility fault in either scheme, no sideways scrolling, little weight."""

import gzip

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Response

from articles.models import Article, Month
from comments.models import Comment
from tests.browser.accessibility import FITS, LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_approved, make_article, make_author, make_user

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
    "/recherche/",
    "/recherche/?q=multitudes+nicolas",
    "/recherche/?q=xylophone",
    "/mentions-legales/",
    "/confidentialite/",
    "/accessibilite/",
    "/contact/",
)


@pytest.fixture
def newspaper(transactional_db: None) -> None:
    """Write the demo newspaper."""
    call_command("demo", verbosity=0)


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


def test_axe_finds_nothing_on_any_page(newspaper: None, page: Page) -> None:
    found = {}
    for address in addresses():
        page.goto(address)
        found[address] = faults(page, looks=LOOKS)
    page.goto(ESSAY)
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    page.get_by_role("alert").wait_for()
    found["form with errors"] = faults(page, looks=LOOKS)
    assert {address: listed for address, listed in found.items() if listed} == {}


def test_the_desk_is_accessible_and_shows_texts_at_a_readable_width(newspaper: None, page: Page) -> None:
    log_in(page, make_user("cheffe", groups=["Modérateurs"], is_superuser=True))
    found = {}
    for address in (
        "/admin/",
        "/admin/etat/",
        f"/admin/comments/comment/{Comment.objects.first().pk}/change/",
        "/admin/comments/comment/",
    ):
        page.goto(address)
        found[address] = faults(page, looks=[(1440, "light")])
    assert {address: listed for address, listed in found.items() if listed} == {}
    for width in (390, 820, 1024, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        box = page.locator(".comment-text").first.bounding_box()
        assert box
        assert box["width"] >= 270, width
        assert box["x"] + box["width"] <= width


def test_nothing_scrolls_sideways(newspaper: None, page: Page) -> None:
    article = make_article(
        headline="Anticonstitutionnellement" * 4,
        standfirst="W" * 290,
        authors=[make_author(name="N" * 80, credentials="c" * 200)],
        footnote="Note " + "x" * 300,
    )
    make_approved(article, author_name="M" * 80, body="Z" * 60 + " https://exemple.fr/" + "a" * 900)
    found = []
    for address in [*addresses(), article.get_absolute_url()]:
        page.goto(address)
        for width in (320, 390, 820, 1440, 2000):
            page.set_viewport_size({"width": width, "height": 900})
            if not page.evaluate(FITS):
                found.append((address, width))
    assert found == []


def test_the_article_weighs_little_over_the_wire(newspaper: None, page: Page) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(ESSAY, wait_until="networkidle")
    fonts = sum(len(answer.body()) for answer in answers if answer.url.endswith(".woff2"))
    # As the page cache and the static files' storage send them.
    others = sum(len(gzip.compress(answer.body(), 6)) for answer in answers if not answer.url.endswith(".woff2"))
    assert fonts > 0
    assert others <= 60_000
    assert fonts + others <= 150_000


def test_rankings_are_tabs_that_arrows_move_between(newspaper: None, page: Page) -> None:
    page.goto(ESSAY)
    read, commented = page.get_by_role("tab").all()
    assert read.get_attribute("aria-selected") == "true"
    read.focus()
    page.keyboard.press("ArrowRight")
    assert commented.get_attribute("aria-selected") == "true"
    assert page.get_by_role("tabpanel").count() == 1


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_the_names_of_rankings_stand_on_one_line_each(newspaper: None, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(ESSAY)
    boxes = [tab.bounding_box() for tab in page.get_by_role("tab").all()]
    assert [box["height"] for box in boxes if box] == [44, 44]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_rankings_are_two_headed_lists(newspaper: None, plain_page: Page) -> None:
    plain_page.goto(ESSAY)
    for title in ("Sujets les + lus", "Sujets les + commentés"):
        assert plain_page.get_by_role("heading", name=title).is_visible()
    assert Article.objects.published().count() == 21
