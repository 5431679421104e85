"""A picture dropped or pasted into the text, as the browser itself hands it over; whatever else comes is refused."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Picture
from tests.articles.pictures.making import encoded, make_picture
from tests.articles.test_admin import change
from tests.browser.session import log_in
from tests.browser.test_writing import expect_source
from tests.factories import make_draft, make_user

TEXT = "<p>Le quai est neuf.</p>\n<p>La grue est vieille.</p>"
PASTE_FILE = """([name, kind, content, words, html]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(content)], name, { type: kind }));
    if (words) data.setData("text/plain", words);
    if (html) data.setData("text/html", html);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector("[data-editor] .prose").dispatchEvent(event);
}"""
COPY_IMAGE = """async (content) => {
    const image = new Blob([Uint8Array.from(content)], { type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": image })]);
}"""

OTHER = "Ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF."
REFUSED = {
    "dessin.svg": (b"<svg onload='alert(1)'/>", OTHER),
    "photo.png": (b"<!doctype html><script>alert(1)</script>", OTHER),
    "vide.jpg": (b"", "Ce fichier est vide."),
    "lourd.jpg": (b"\xff\xd8\xff" + bytes(40 * 1024 * 1024), "Ce fichier est trop lourd : 30 Mo au plus."),
}


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return an article that somebody writes."""
    return make_draft(body=TEXT)


@pytest.fixture
def journalist(article: Article) -> User:
    """Return who writes it."""
    return make_user("marie", groups=["Rédacteurs"])


@pytest.fixture
def text(page: Page, journalist: User, article: Article) -> Locator:
    """Open the form, wide, and return the text in it."""
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, journalist)
    page.goto(change(article))
    text = page.get_by_role("textbox", name="Texte")
    text.scroll_into_view_if_needed()
    return text


def drop(page: Page, target: Locator, *files: Path, low: bool = False) -> None:
    """Drop files as the browser does when somebody lets them go over a place, in its upper half or its lower one."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    place: dict[str, Any] = {"x": box["x"] + 40, "y": box["y"] + box["height"] * (0.8 if low else 0.2), "data": data}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place})


def written(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return where it is."""
    path = folder / name
    path.write_bytes(content)
    return path


def describe(page: Page) -> Picture:
    """Say what the picture in the dialog shows and whose it is, send it, and return it."""
    page.get_by_label("Texte de remplacement").fill("Le port de Brest")
    page.get_by_label("Crédit").fill("Anna Legrand")
    page.get_by_role("button", name="Envoyer et placer").click()
    expect(page.locator("[data-editor] figure img")).to_be_visible()
    return Picture.objects.latest("pk")


def test_a_picture_is_dropped_between_two_paragraphs(page: Page, text: Locator, tmp_path: Path) -> None:
    photograph = written(tmp_path, "Été à Brest.png", encoded("PNG", size=(400, 200)))
    drop(page, text.locator("p").first, photograph, low=True)
    expect(page.get_by_label("Texte de remplacement")).to_be_focused()
    picture = describe(page)
    first, second = TEXT.split("\n")
    figure = f'<figure data-picture="{picture.pk}"><figcaption></figcaption></figure>'
    expect_source(page, f"{first}\n{figure}\n{second}")


def test_a_picture_in_the_text_is_dragged_to_another_place(page: Page, article: Article, journalist: User) -> None:
    picture = make_picture(size=(300, 150))
    figure = f'<figure data-picture="{picture.pk}"><figcaption></figcaption></figure>'
    article.body = f"{figure}{TEXT}"
    article.save()
    log_in(page, journalist)
    page.set_viewport_size({"width": 1280, "height": 1200})
    page.goto(change(article))
    page.locator("[data-editor] figure img").drag_to(page.locator("[data-editor] p").last)
    expect(page.locator("#picture-dialog")).to_be_hidden()
    expect(page.locator("[data-editor] figure ~ p")).not_to_have_count(3)
    expect(page.locator("[data-editor] figure")).to_have_count(1)


def test_a_copied_picture_is_pasted(page: Page, text: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(COPY_IMAGE, [*encoded("PNG", size=(40, 20))])
    text.locator("p").last.click()
    page.keyboard.press("Control+v")
    assert describe(page).width == 40


def test_a_file_that_is_pasted_with_its_name_is_a_picture(page: Page, text: Locator) -> None:
    page.evaluate(PASTE_FILE, ["port.jpg", "image/jpeg", [*encoded(size=(40, 20))], "/home/zoe/port.jpg", ""])
    describe(page)
    expect(text).not_to_contain_text("/home/zoe")


def test_text_that_brings_a_picture_of_itself_stays_text(page: Page, text: Locator) -> None:
    text.locator("p").last.click()
    page.keyboard.press("Control+End")
    page.evaluate(PASTE_FILE, ["image.png", "image/png", [*encoded("PNG")], " Oui.", "<p>Oui.</p>"])
    expect(text).to_contain_text("Oui.")
    expect(page.locator("#picture-dialog")).to_be_hidden()


def test_a_file_that_is_no_picture_is_refused_where_it_is_dropped(page: Page, text: Locator, tmp_path: Path) -> None:
    text.locator("p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Non.")
    said = page.locator("#picture-file-error")
    for name, (content, sentence) in REFUSED.items():
        drop(page, text, written(tmp_path, name, content))
        expect(said).to_have_text(sentence)
        expect(page.get_by_label("Fichier")).to_be_focused()
        page.get_by_role("button", name="Envoyer et placer").click()
        expect(said).to_have_text(sentence)
        page.keyboard.press("Escape")
    expect_source(page, TEXT.replace("vieille.", "vieille. Non."))
    assert not Picture.objects.exists()


def test_a_file_that_only_the_server_sees_through_is_refused_in_its_words(
    page: Page, text: Locator, tmp_path: Path
) -> None:
    drop(page, text, written(tmp_path, "photo.jpg", encoded(size=(400, 400))[:900]))
    page.get_by_label("Texte de remplacement").fill("Le port de Brest")
    page.get_by_label("Crédit").fill("Anna Legrand")
    page.get_by_role("button", name="Envoyer et placer").click()
    expect(page.locator("#picture-file-error")).to_contain_text("abîmé ou incomplet")
    expect(page.get_by_label("Texte de remplacement")).to_have_value("Le port de Brest")


def test_a_file_that_misses_the_text_does_not_take_the_page_away(page: Page, text: Locator, tmp_path: Path) -> None:
    address = page.url
    drop(page, page.get_by_role("heading", level=1), written(tmp_path, "page.html", b"<h1>Perdu</h1>"))
    page.wait_for_timeout(500)
    assert page.url == address
    assert len(page.context.pages) == 1
    expect(text).to_contain_text("Le quai est neuf.")


def test_of_several_files_the_first_is_taken_whatever_its_name(page: Page, text: Locator, tmp_path: Path) -> None:
    first = written(tmp_path, "notes.txt", encoded(size=(40, 20)))
    drop(page, text, first, written(tmp_path, "port.jpg", encoded(size=(50, 20))))
    expect(page.locator("#picture-dialog [role=status]")).to_have_text("Une image à la fois : voici la première.")
    assert describe(page).width == 40
