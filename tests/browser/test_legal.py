"""A legal page written in a browser: in the newspaper's own editor, without pictures, and as before without script."""

from pathlib import Path

from playwright.sync_api import Page, expect

from articles import legal
from tests.articles.pictures.making import encoded
from tests.browser.accessibility import faults
from tests.browser.session import log_in
from tests.browser.test_dropping import drop, written
from tests.browser.test_writing import PASTE, expect_source
from tests.factories import make_user

FIGURE = '<p>Avant</p><figure data-picture="1"><figcaption>Le port</figcaption></figure><p>Après</p>'
CONTACT = "/admin/articles/legalpage/contact/change/"


def test_the_direction_completes_a_page(page: Page) -> None:
    log_in(page, make_user("directrice", groups=["Direction de la publication"]))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/admin/")
    page.locator(".incomplete").get_by_role("link", name="Contact").click()
    expect(page.locator("[data-writing][data-ready]")).to_be_visible()
    assert faults(page) == []
    assert page.get_by_role("button", name="Image").count() == 0

    text = page.get_by_role("textbox", name="Texte")
    text.press("Control+a")
    page.keyboard.type("Écrivez à {contact}.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert legal.latest("contact").body == "<h2>Écrivez à {contact}.</h2>"

    page.goto("/admin/articles/legalpage/contact/versions/1/")
    assert faults(page) == []
    page.goto("/contact/")
    expect(page.locator("main")).to_contain_text("Écrivez à redaction@exemple.fr.")


def test_a_picture_is_refused_in_words_and_its_caption_stays(page: Page, tmp_path: Path) -> None:
    log_in(page, make_user("directrice", groups=["Direction de la publication"]))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(CONTACT)
    text = page.get_by_role("textbox", name="Texte")
    text.press("Control+a")
    page.keyboard.press("Delete")
    drop(page, text, written(tmp_path, "port.png", encoded("png")))
    expect(page.get_by_text("Cette page ne porte pas d’images")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate(PASTE, [FIGURE, "…"])
    expect_source(page, "<p>Avant</p>\n<p>Le port</p>\n<p>Après</p>")
    text.press("Control+a")
    page.keyboard.press("Delete")
    page.evaluate(PASTE, [FIGURE.replace("<p>", '<p data-pm-slice="1 1 []">', 1), "…"])
    expect_source(page, "<p>Avant</p>\n<p>Le port</p>\n<p>Après</p>")


def test_a_starting_text_goes_through_the_editor_unchanged(page: Page) -> None:
    log_in(page, make_user("directrice", groups=["Direction de la publication"]))
    for name in ("mentions-legales", "confidentialite", "accessibilite", "contact"):
        page.goto(f"/admin/articles/legalpage/{name}/change/")
        page.locator("[data-writing][data-ready]").wait_for()
        page.get_by_role("textbox", name="Texte").press("Control+End")
        page.keyboard.type("!")
        page.keyboard.press("Backspace")
        page.wait_for_timeout(400)
        version = legal.latest(name)
        assert version
        assert legal.render(page.locator("#id_body").input_value()).replace("\n", "") == version.body_html.replace(
            "\n", ""
        )


def test_without_script_the_field_takes_html(plain_page: Page) -> None:
    log_in(plain_page, make_user("directrice", groups=["Direction de la publication"]))
    plain_page.goto(CONTACT)
    plain_page.locator("#id_body").fill("<p>Écrivez-nous.</p>")
    plain_page.get_by_role("button", name="Enregistrer").click()
    assert legal.latest("contact").body_html == "<p>Écrivez-nous.</p>"
