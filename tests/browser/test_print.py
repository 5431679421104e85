"""The printed page: black on white, the text and what belongs to it, and nothing that one presses."""

import re
import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from articles import publishing
from tests.articles.pictures.making import make_picture
from tests.factories import make_approved, make_article, make_author, make_comment

PARAGRAPH = "<p>" + "Le pont ferme et la ville se découvre deux rives. " * 8 + "</p>"
BODY = f"""{PARAGRAPH * 6}<h2>Un intertitre</h2><p>Voir <a href="https://exemple.fr/rapport?a=1&amp;b=2">le rapport</a>
et <a href="/rubriques/idees/">la rubrique</a>.</p><figure data-picture="{{picture}}"></figure>{PARAGRAPH}"""
GONE = (".menu", ".side", ".foot", ".share", ".commenter", ".comment-reply", ".pager", ".skip-link")


@pytest.fixture
def sheet(transactional_db: None, browser: Browser, live_server: LiveServer, settings: object) -> Iterator[Page]:
    """Return a page of a reader who reads in the dark, as paper shows it."""
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]
    context = browser.new_context(base_url=live_server.url, color_scheme="dark", locale="fr-FR")
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


def visible(page: Page, selector: str) -> list[str]:
    """Return the texts of what a selector finds and paper shows."""
    return [one.inner_text() for one in page.locator(selector).all() if one.is_visible()]


def sheets(page: Page) -> int:
    """Return on how many sheets a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", _inflated(page.pdf(format="A4", prefer_css_page_size=True))))


def _inflated(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join([pdf, *(_opened(stream) for stream in streams)])


def _opened(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_an_article_is_printed_whole_and_without_buttons(sheet: Page) -> None:
    picture = make_picture(alternative_text="Un pont", credit="Photo : Anna")
    article = make_article(
        headline="Le pont",
        body=BODY.format(picture=picture.pk),
        footnote="Une note.",
        authors=[make_author(name="Claire")],
        lead_picture=picture,
    )
    publishing.correct(article_id=article.pk, body="Le pont a trois arches.")
    article.refresh_from_db()
    make_approved(article, body="Un avis publié.", author_name="Karim")
    make_comment(article, body="Un avis qui attend.")
    sheet.goto(article.get_absolute_url(), wait_until="networkidle")

    said = sheet.locator("body").inner_text()
    for words in (
        "Multitude",
        "Le pont",
        "Claire",
        "Publié le",
        "Photo\u00a0: Anna",
        "Une note.",
        "trois arches",
        "Un avis publié.",
        "Karim",
        sheet.url,
    ):
        assert words in said, words
    assert "attend" not in said
    assert {selector: found for selector in GONE if (found := visible(sheet, selector))} == {}
    assert visible(sheet, "main :is(button, input, textarea)") == []
    assert sheets(sheet) > 1


def test_paper_is_white_whatever_the_screen(sheet: Page) -> None:
    article = make_article(body=PARAGRAPH)
    sheet.goto(article.get_absolute_url())
    colours = sheet.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
            ...["body", "h1", ".label", ".prose p", ".byline"].map((one) => document.querySelector(one))
                .filter(Boolean).map((one) => getComputedStyle(one).color)]"""
    )
    assert colours[0] == "rgb(255, 255, 255)"
    assert set(colours[1:]) <= {"rgb(0, 0, 0)", "rgb(34, 34, 34)"}


def test_addresses_of_other_sites_are_written_behind_their_links(sheet: Page) -> None:
    article = make_article(body=BODY.format(picture=1))
    sheet.goto(article.get_absolute_url())
    behind = sheet.locator(".prose a").evaluate_all("all => all.map(one => getComputedStyle(one, '::after').content)")
    assert '(" "' not in behind
    assert "https://exemple.fr/rapport?a=1&b=2" in behind[0]
    assert behind[1] == "none"


def test_the_text_stands_in_one_column_that_one_reads_with_ease(sheet: Page) -> None:
    article = make_article(body=PARAGRAPH * 3)
    # The inside of an A4 sheet, at 96 pixels to the inch.
    sheet.set_viewport_size({"width": 643, "height": 900})
    sheet.goto(article.get_absolute_url())
    prose = sheet.locator(".prose").bounding_box()
    signs = sheet.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose')).fontSize)")
    assert prose
    assert 60 <= prose["width"] / signs * 67 / 27 <= 85
    broken = sheet.locator(".prose h2, h1").evaluate_all("all => all.map(one => getComputedStyle(one).breakAfter)")
    assert set(broken) == {"avoid"}


@pytest.mark.parametrize("path", ["/", "/classements/lus/", "/mentions-legales/", "/confidentialite/"])
def test_lists_and_legal_pages_are_printed_too(sheet: Page, path: str) -> None:
    make_article(headline="Un seul article")
    sheet.goto(path)
    assert {selector: found for selector in GONE if (found := visible(sheet, selector))} == {}
    assert sheets(sheet) <= 3
    assert len(visible(sheet, "h1")) == 1
