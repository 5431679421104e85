"""A journalist's first article in a browser, from the empty page to a new address, with an editor who was slower."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, State
from tests.articles.test_admin import ADD, change
from tests.articles.test_pasting import CLIPBOARD
from tests.browser.session import log_in
from tests.browser.test_pictures import photograph
from tests.browser.test_writing import PASTE
from tests.factories import make_section, make_user

GREAT_DAY = datetime(2031, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def journalist(transactional_db: None) -> User:
    """Return somebody who writes and publishes."""
    make_section(name="Ville")
    return make_user("marie", first_name="Marie", groups=["Rédacteurs"])


@pytest.fixture
def other(browser: Browser, live_server: LiveServer, journalist: User) -> Page:
    """Return a second editor's page."""
    page = browser.new_context(base_url=live_server.url, locale="fr-FR").new_page()
    log_in(page, make_user("paul", first_name="Paul", groups=["Rédacteurs"]))
    return page


def save(page: Page) -> None:
    """Press the button that saves and stays."""
    page.get_by_role("button", name="Enregistrer et continuer les modifications").click()


def write(page: Page) -> Article:
    """Write an article, paste the rest from Word, place a picture in it, and return what was saved."""
    page.goto(ADD)
    page.get_by_role("textbox", name="Titre :", exact=True).press_sequentially("Le port s'agrandit")
    page.get_by_role("combobox", name="Rubrique").select_option(label="Ville")
    page.get_by_role("textbox", name="Texte").click()
    page.keyboard.type("Le quai est neuf.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Image", exact=True).click()
    page.get_by_label("Fichier").set_input_files(photograph())
    page.get_by_label("Texte de remplacement").fill("Le port, vu du phare")
    page.get_by_label("Crédit").fill("Anna Legrand")
    page.get_by_role("button", name="Envoyer et placer").click()
    expect(page.locator("[data-editor] figure img")).to_be_visible()
    page.get_by_role("textbox", name="Texte").press("Control+End")
    page.evaluate(PASTE, [(CLIPBOARD / "word.html").read_text(), "…"])
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    return Article.objects.get()


def test_an_article_is_written_illustrated_previewed_scheduled_corrected_and_renamed(
    browser: Browser, live_server: LiveServer, page: Page, other: Page, journalist: User
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, journalist)
    article = write(page)
    assert article.state() == State.DRAFT
    assert "mso" not in article.body
    assert "Le quai est neuf." in article.body
    assert article.pictures.get().credit == "Anna Legrand"

    other.goto(change(article))
    page.get_by_role("textbox", name="Chapô :", exact=True).fill("Deux ans de travaux.")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    other.get_by_role("textbox", name="Chapô :", exact=True).fill("Trois ans de travaux.")
    save(other)
    expect(other.get_by_text("Marie a enregistré cet article entre-temps")).to_be_visible()
    expect(other.get_by_role("textbox", name="Chapô :", exact=True)).to_have_value("Trois ans de travaux.")
    other.context.close()

    page.goto(f"/admin/articles/article/{article.pk}/apercu/")
    page.get_by_role("button", name="Faire un lien").click()
    link = page.get_by_label("Lien à donner").input_value()
    reader = browser.new_context(base_url=live_server.url, locale="fr-FR").new_page()
    reader.goto(link)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Le port s’agrandit")
    picture = reader.get_by_role("img", name="Le port, vu du phare")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert reader.goto(article.get_absolute_url()).status == 404

    page.goto(change(article))
    page.get_by_role("button", name="Programmer…").click()
    page.get_by_label("Jour et heure, à Paris").fill(f"{timezone.localtime(GREAT_DAY):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Programmer").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1er mars 2031")
    assert reader.goto(link).status == 404
    assert reader.goto(article.get_absolute_url()).status == 404
    with time_machine.travel(GREAT_DAY + timedelta(minutes=1)):
        assert reader.goto(article.get_absolute_url()).status == 200

    page.goto(change(article))
    page.get_by_role("button", name="Mettre en ligne maintenant").click()
    expect(page.locator(".messagelist .success")).to_contain_text("En ligne depuis")
    page.get_by_role("link", name="Publier un rectificatif").click()
    page.get_by_label("Rectificatif").fill("Les travaux ont duré deux ans.")
    page.get_by_role("button", name="Publier le rectificatif").click()
    page.goto(change(article))
    page.get_by_label("Adresse :", exact=True).fill("le-port-de-brest")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    reader.goto(article.get_absolute_url())
    assert reader.url.endswith("/articles/le-port-de-brest/")
    expect(reader.locator("#rectificatifs")).to_contain_text("deux ans")
    reader.context.close()
