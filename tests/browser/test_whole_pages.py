"""Every page of the newsroom's desk as a whole, full of what an article can have, by day and by night."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.redirects.models import Redirect
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import frontpage, publishing
from articles.models import Article
from tests.articles.desk import FRONT
from tests.articles.pictures.making import make_picture
from tests.articles.test_admin import ADD, LIST, change
from tests.browser.accessibility import faults
from tests.browser.session import log_in
from tests.factories import make_approved, make_article, make_author, make_draft, make_user

PICTURES = "/admin/articles/picture/"
REDIRECTS = "/admin/redirects/redirect/"
SECTIONS = "/admin/articles/section/"
AUTHORS = "/admin/articles/author/"


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return a published article with all that one can have."""
    picture = make_picture(size=(300, 200), caption="Le port.")
    body = f'<h2>Un quai</h2><p>Un texte.</p><figure data-picture="{picture.pk}"></figure><p>Une suite.</p>'
    article = make_article(headline="W" * 110, authors=[make_author(), make_author()], lead_picture=picture, body=body)
    make_approved(article, body="Z" * 300, author_name="M" * 80)
    article.body += "<p>Une fin.</p>"
    publishing.save(article, by=None)
    publishing.correct(article_id=article.pk, body="Il fallait lire « court »." * 9)
    frontpage.arrange([article.pk, make_article(published_at=timezone.now() + timedelta(days=1)).pk], seen=[])
    Redirect.objects.create(site_id=settings.SITE_ID, old_path="/archives/12.html", new_path="/")
    return article


@pytest.fixture
def editor(article: Article) -> User:
    """Return somebody who may see every page."""
    return make_user("directrice", first_name="Zoé", is_superuser=True)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_any_page_of_the_desk(
    page: Page, article: Article, editor: User, width: int, scheme: str
) -> None:
    draft, own = make_draft(ready_at=timezone.now()), f"{LIST}{article.pk}/"
    redirect, section = Redirect.objects.get(), article.section_id
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, editor)
    found = {}
    for place in (
        "/admin/",
        LIST,
        f"{LIST}?state=draft&q=rien",
        ADD,
        change(article),
        change(draft),
        f"{own}history/",
        f"{own}history/0/",
        f"{own}apercu/",
        f"{LIST}{draft.pk}/apercu/",
        f"{own}rectificatifs/",
        FRONT,
        f"{FRONT}?q=rien",
        PICTURES,
        f"{PICTURES}add/",
        f"{PICTURES}{article.lead_picture_id}/change/",
        SECTIONS,
        f"{SECTIONS}{section}/change/",
        AUTHORS,
        f"{AUTHORS}{article.bylines.first().author_id}/change/",
        REDIRECTS,
        f"{REDIRECTS}add/",
        f"{REDIRECTS}{redirect.pk}/change/",
    ):
        page.goto(place)
        expect(page.locator("[data-writing]:not([data-ready])")).to_have_count(0)
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{place.strip('/').replace('/', '-')}-{width}.png", full_page=True)
        found[place] = faults(page)
    assert {place: listed for place, listed in found.items() if listed} == {}


def test_axe_finds_nothing_in_a_refused_article_nor_in_its_dialogs(page: Page, article: Article, editor: User) -> None:
    log_in(page, editor)
    page.goto(change(article))
    page.get_by_role("textbox", name="Titre :", exact=True).fill("x" * 111)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    assert faults(page) == []
    for button, title in (("Lien", "Lien"), ("Image", "Image")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        assert faults(page) == []
        page.keyboard.press("Escape")
