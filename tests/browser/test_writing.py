"""Writing in a browser: the editor makes what the list allows, takes what others paste, and loses nothing."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from articles import publishing
from articles.models import Article, Autosave
from tests.articles.test_admin import ADD, change
from tests.articles.test_allowed import WHOLE, same
from tests.articles.test_pasting import CLIPBOARD, SOURCES
from tests.browser.accessibility import faults
from tests.browser.session import log_in
from tests.factories import make_draft, make_section, make_user

PASTE = """([html, text]) => {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector("[data-editor] .prose").dispatchEvent(event);
}"""


@pytest.fixture
def journalist(transactional_db: None) -> User:
    """Return somebody who writes."""
    return make_user("marie", groups=["Rédacteurs"])


def expect_source(page: Page, expected: str) -> None:
    """Wait until the form would send some HTML."""
    for _ in range(50):
        if same(page.locator("#id_body").input_value()) == same(expected):
            return
        page.wait_for_timeout(100)
    assert same(page.locator("#id_body").input_value()) == same(expected)


def empty(page: Page) -> None:
    """Take everything out of the editor."""
    page.get_by_role("textbox", name="Texte").press("Control+a")
    page.keyboard.press("Delete")


def kept(page: Page) -> Autosave:
    """Wait until what was typed is kept."""
    for _ in range(50):
        if found := Autosave.objects.first():
            return found
        page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def test_the_editor_makes_what_the_list_allows_and_takes_what_others_paste(page: Page, journalist: User) -> None:
    article = make_draft(body=WHOLE)
    log_in(page, journalist)
    page.goto(change(article))
    text = page.get_by_role("textbox", name="Texte")
    text.locator("p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(".")
    expect_source(page, WHOLE.replace("<p>Fin</p>", "<p>Fin.</p>"))
    for name in SOURCES:
        empty(page)
        page.evaluate(PASTE, [(CLIPBOARD / f"{name}.html").read_text(), "…"])
        expect_source(page, (CLIPBOARD / f"{name}.txt").read_text().strip())
    empty(page)
    page.evaluate(PASTE, ["", "https://youtu.be/dQw4w9WgXcQ"])
    link = '<a href="https://youtu.be/dQw4w9WgXcQ" title="S’ouvre sur youtu.be">Vidéo sur YouTube</a>'
    expect_source(page, f"<p>{link}</p>")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_journalist_writes_and_a_closed_tab_loses_nothing(page: Page, journalist: User) -> None:
    make_section(name="Ville")
    log_in(page, journalist)
    page.goto(ADD)
    expect(page.get_by_text("0 mot", exact=True)).to_be_visible()
    page.get_by_role("textbox", name="Titre :", exact=True).press_sequentially("Le port s'agrandit")
    expect(page.get_by_text("Reste 92 caractères")).to_be_visible()
    text = page.get_by_role("textbox", name="Texte")
    text.click()
    page.keyboard.type("Un mot ")
    page.get_by_role("button", name="Gras").click()
    expect(page.get_by_role("button", name="Gras")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("gras")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Intertitre", exact=True).click()
    page.keyboard.type("Le quai")
    page.keyboard.press("Shift+Home")
    # The editor hears of a selection a moment later, as nobody is too quick to notice but a test.
    page.wait_for_timeout(100)
    page.keyboard.press("Control+k")
    page.get_by_label("Adresse", exact=True).fill("exemple.fr")
    page.get_by_role("button", name="Poser le lien").click()
    expect(page.get_by_text("5 mots · 1 min de lecture")).to_be_visible()
    written = '<p>Un mot <strong>gras</strong></p>\n<h2><a href="https://exemple.fr">Le quai</a></h2>'
    expect_source(page, written)
    assert faults(page, "#content") == []

    page.goto("about:blank")
    assert kept(page).values["body"].replace("\r", "") == written
    assert len(kept(page).form_key) == 32
    page.goto(ADD)
    page.get_by_role("link", name="Reprendre ce que vous n’aviez pas enregistré").click()
    expect(text.locator("h2")).to_have_text("Le quai")
    page.get_by_role("combobox", name="Rubrique").select_option(label="Ville")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get().display_headline == "Le port s’agrandit"
    assert not Autosave.objects.exists()


def test_what_was_typed_just_before_a_reload_is_offered_at_once_and_once(page: Page, journalist: User) -> None:
    article = make_draft(standfirst="Avant")
    log_in(page, journalist)
    page.goto(change(article))
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()
    standfirst = page.get_by_role("textbox", name="Chapô")
    standfirst.fill("Après\nAprès")
    page.reload()
    expect(standfirst).to_have_value("Avant")
    here = page.get_by_role("region", name="Ce navigateur a gardé un texte")
    theirs = page.get_by_role("region", name="Vous n’aviez pas tout enregistré")
    expect(here.or_(theirs)).to_be_visible()
    assert kept(page).values["standfirst"] == "Après\r\nAprès"
    page.reload()
    expect(theirs).to_be_visible()
    expect(here).to_be_hidden()
    page.get_by_role("link", name="Reprendre ce que vous n’aviez pas enregistré").click()
    expect(standfirst).to_have_value("Après\nAprès")
    expect(here).to_be_hidden()


def test_what_the_browser_alone_has_is_given_up_for_good(page: Page, journalist: User) -> None:
    article = make_draft(standfirst="Avant")
    log_in(page, journalist)
    page.goto(change(article))
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()
    drafts = re.compile("/brouillon/$")
    page.route(drafts, lambda route: route.fulfill(status=503))
    page.get_by_role("textbox", name="Chapô").fill("Après")
    page.reload()
    page.unroute(drafts)
    here = page.get_by_role("region", name="Ce navigateur a gardé un texte")
    here.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_text("est abandonné")).to_be_visible()
    page.reload()
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()
    expect(here).to_be_hidden()


def test_the_second_to_save_is_told_and_keeps_all(page: Page, journalist: User) -> None:
    article = make_draft(body="<p>Le maire a signé.</p>")
    log_in(page, journalist)
    page.goto(change(article))
    page.get_by_role("textbox", name="Texte").locator("p").click()
    page.keyboard.press("End")
    page.keyboard.type(" Ce matin.")
    article.body = "<p>Le maire a démenti.</p>"
    publishing.save(article, by=make_user("paul", first_name="Paul", last_name="Durand"))
    save = page.get_by_role("button", name="Enregistrer", exact=True)
    save.click()
    expect(page.get_by_text("Paul Durand a enregistré cet article entre-temps")).to_be_visible()
    expect(page.locator(".diff ins")).to_contain_text("démenti")
    expect(page.get_by_role("textbox", name="Texte")).to_have_text("Le maire a signé. Ce matin.")
    assert faults(page, "#content") == []
    page.get_by_label("Enregistrer ma version par-dessus").check()
    save.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.body == "<p>Le maire a signé. Ce matin.</p>"
    assert article.versions.filter(body="<p>Le maire a démenti.</p>").exists()


def test_who_is_logged_out_is_told_and_keeps_what_was_typed(
    context: BrowserContext, page: Page, journalist: User
) -> None:
    article = make_draft(body="<p>Le maire a signé.</p>")
    log_in(page, journalist)
    page.goto(change(article))
    Session.objects.all().delete()
    page.get_by_role("textbox", name="Texte").locator("p").click()
    page.keyboard.press("End")
    page.keyboard.type(" Ce matin.")
    expect(page.locator("[data-kept]")).to_contain_text("Votre session a pris fin. Rien n’est perdu")
    other = context.new_page()
    log_in(other, journalist)
    other.goto(change(article))
    other.get_by_role("button", name="Reprendre ce texte").click()
    expect(other.get_by_role("textbox", name="Texte")).to_have_text("Le maire a signé. Ce matin.")
    other.close()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-kept]")).to_contain_text("Brouillon gardé")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_without_script_the_field_takes_html_and_says_so(plain_page: Page, journalist: User) -> None:
    article = make_draft()
    log_in(plain_page, journalist)
    plain_page.goto(change(article))
    expect(plain_page.get_by_role("textbox", name="Texte :", exact=True)).to_have_value("<p>Un texte.</p>")
    expect(plain_page.get_by_text("Ce champ reçoit du HTML")).to_be_visible()
    expect(plain_page.get_by_role("toolbar")).to_be_hidden()
