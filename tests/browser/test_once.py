"""A new article that is sent twice from a browser: one article."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.articles.test_admin import ADD
from tests.browser.session import log_in
from tests.factories import make_section, make_user


@pytest.fixture
def journalist(transactional_db: None) -> User:
    """Return somebody who writes."""
    make_section(name="Ville")
    return make_user("marie", groups=["Rédacteurs"])


def write(page: Page) -> None:
    """Fill in the form of a new article."""
    page.goto(ADD)
    page.get_by_role("textbox", name="Titre :", exact=True).fill("Le port s’agrandit")
    page.get_by_role("textbox", name="Texte").fill("Le quai est long.")
    page.get_by_role("combobox", name="Rubrique").select_option(label="Ville")


def test_two_clicks_make_one_article(page: Page, journalist: User) -> None:
    log_in(page, journalist)
    write(page)
    page.get_by_role("button", name="Enregistrer", exact=True).dblclick()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Article.objects.count() == 1


def test_back_and_saved_again_the_article_is_there_once(page: Page, journalist: User) -> None:
    log_in(page, journalist)
    write(page)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.go_back()
    title = page.get_by_role("textbox", name="Titre :", exact=True)
    expect(title).to_have_value("Le port s’agrandit")
    expect(page.get_by_role("textbox", name="Texte")).to_have_text("Le quai est long.")
    title.fill("Le port rétrécit")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("ce que vous avez changé depuis ne l’est pas encore")).to_be_visible()
    expect(title).to_have_value("Le port rétrécit")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article = Article.objects.get()
    assert (article.headline, article.body) == ("Le port rétrécit", "<p>Le quai est long.</p>")
