"""The desk of articles in a browser: with the keyboard, without JavaScript, and without a fault that axe finds."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import frontpage
from articles.models import Article, State
from tests.articles.desk import FRONT, step
from tests.articles.test_admin import LIST, change
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_article, make_author, make_draft, make_user


@pytest.fixture
def editor(transactional_db: None) -> User:
    """Return a member of «Rédacteurs»."""
    return make_user("redactrice", groups=["Rédacteurs"], first_name="Zoé")


def test_the_pages_of_the_steps_have_no_fault(page: Page, editor: User) -> None:
    public = make_article(headline="W" * 110)
    waiting = make_draft(ready_at=timezone.now(), embargo_until=timezone.now() + timedelta(days=1))
    log_in(page, editor)
    found = {}
    for path in (step(waiting, "programmer"), step(waiting, "rendre"), step(public, "depublier")):
        page.goto(path)
        found[path] = faults(page, looks=LOOKS)
    page.goto(step(waiting, "programmer"))
    page.get_by_label("Jour et heure, à Paris").fill("")
    page.get_by_role("button", name="Programmer").click()
    page.locator(".errorlist").wait_for()
    found["refused"] = faults(page, looks=LOOKS)
    assert {path: listed for path, listed in found.items() if listed} == {}


def test_the_front_page_is_arranged_with_the_keyboard(page: Page, editor: User) -> None:
    for name in ("Un pont", "Un fleuve"):
        make_article(headline=name)
    log_in(page, editor)
    page.goto(FRONT)
    for name in ("pont", "fleuve"):
        page.get_by_label("Titre, auteur, adresse ou numéro").press_sequentially(name)
        expect(page.get_by_role("status")).to_have_text("1 article trouvé")
        page.get_by_role("button", name="Mettre à la une").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text(f"Un {name}")
    page.get_by_role("button", name="En ouverture").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".front-places li").first).to_contain_text("Ouverture Un fleuve")
    assert [article.headline for article in frontpage.chosen()] == ["Un fleuve", "Un pont"]


def test_enter_in_the_title_leads_to_the_standfirst_and_takes_no_step(page: Page, editor: User) -> None:
    article = make_draft()
    log_in(page, editor)
    page.goto(change(article))
    page.locator("[name=headline]").fill("Un titre")
    page.locator("[name=headline]").press("Enter")
    expect(page.locator("[name=standfirst]")).to_be_focused()
    expect(page.locator("[name=headline]")).to_have_value("Un titre")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Brouillon")
    article.refresh_from_db()
    assert (article.headline, article.state()) == ("Un titre", State.DRAFT)


def test_without_javascript_an_article_goes_all_the_way(plain_page: Page, editor: User) -> None:
    article = make_draft(headline="Un pont")
    log_in(plain_page, editor)
    plain_page.goto(change(article))
    plain_page.get_by_role("button", name="Envoyer en relecture").click()
    plain_page.goto("/admin/")
    plain_page.get_by_role("link", name="Un pont").first.click()
    plain_page.get_by_role("button", name="Programmer…").click()
    plain_page.get_by_label("Jour et heure, à Paris").fill("2099-12-01T06:00")
    plain_page.get_by_role("button", name="Programmer").click()
    expect(plain_page.locator(".standing")).to_contain_text("Programmé pour le 1er décembre 2099")
    plain_page.goto(FRONT)
    plain_page.get_by_label("Titre, auteur, adresse ou numéro").fill("pont")
    plain_page.get_by_role("button", name="Chercher").click()
    plain_page.get_by_role("button", name="Mettre à la une").click()
    expect(plain_page.locator(".front-places")).to_contain_text("Passé pour le moment")
    plain_page.goto(change(article))
    plain_page.get_by_role("button", name="Mettre en ligne maintenant").click()
    plain_page.get_by_role("link", name="Voir la page").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Un pont")
    plain_page.goto(change(article))
    plain_page.get_by_role("button", name="Dépublier…").click()
    plain_page.get_by_role("button", name="Dépublier").click()
    expect(plain_page.locator(".standing")).to_contain_text("Dépublié")
    assert Article.objects.get().state() == State.UNPUBLISHED


@pytest.mark.parametrize("width", [390, 820])
def test_on_a_narrow_screen_the_list_shows_all_of_an_article(page: Page, editor: User, width: int) -> None:
    make_article(headline="W" * 110, authors=[make_author(name="Anna Legrand")])
    log_in(page, editor)
    page.set_viewport_size({"width": width, "height": 1_600})
    page.goto(LIST)
    cells = page.locator("#result_list tbody td:not(.action-checkbox)")
    expect(cells).to_have_count(6)
    for cell in cells.all():
        expect(cell).to_be_in_viewport(ratio=1)
    expect(cells.last).to_have_text("0 lecture en 7 jours")
    assert faults(page) == []
