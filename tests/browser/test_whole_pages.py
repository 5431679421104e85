"""Every page of the newsroom's desk as a whole, full of what an article can have, by day and by night."""

from datetime import timedelta

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
from tests.browser.accessibility import LOOKS, faults
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


def test_axe_finds_nothing_on_any_page_of_the_desk(page: Page, article: Article, editor: User) -> None:
    draft, own = make_draft(ready_at=timezone.now()), f"{LIST}{article.pk}/"
    redirect, section = Redirect.objects.get(), article.section_id
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
        f"{AUTHORS}add/",
        f"{AUTHORS}{article.bylines.first().author_id}/change/",
        REDIRECTS,
        f"{REDIRECTS}add/",
        f"{REDIRECTS}{redirect.pk}/change/",
    ):
        page.goto(place)
        expect(page.locator("[data-writing]:not([data-ready])")).to_have_count(0)
        found[place] = faults(page, looks=LOOKS)
    assert {place: listed for place, listed in found.items() if listed} == {}


def test_on_a_phone_a_fault_leads_to_its_field(page: Page, editor: User) -> None:
    log_in(page, editor)
    page.goto(ADD)
    expect(page.locator("[data-writing]:not([data-ready])")).to_have_count(0)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    faults_of_form = page.get_by_role("region", name="Rien n’est enregistré")
    expect(faults_of_form).to_be_focused()
    expect(faults_of_form).to_be_in_viewport()
    for name, field in (("Rubrique", "#id_section"), ("Titre", "#id_headline"), ("Texte", "[data-editor] .prose")):
        faults_of_form.get_by_role("link", name=name, exact=True).click()
        expect(page.locator(field)).to_be_focused()
        expect(page.locator(field)).to_be_in_viewport()


def test_axe_finds_nothing_in_a_refused_article_nor_in_its_dialogs(page: Page, article: Article, editor: User) -> None:
    log_in(page, editor)
    page.goto(change(article))
    page.get_by_role("textbox", name="Titre :", exact=True).fill("x" * 111)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".faults")).to_be_focused()
    assert faults(page) == []
    for button, title in (("Lien", "Lien"), ("Image", "Image")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        assert faults(page) == []
        page.keyboard.press("Escape")
