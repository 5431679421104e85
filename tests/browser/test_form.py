"""The form as a person meets it: errors that speak, nothing lost, a keyboard, a bad connection."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from articles.models import Article
from comments.models import Comment
from tests.factories import make_approved, make_article


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return a published article."""
    return make_article(headline="Un pont se ferme")


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_label("Commentaire", exact=True).fill("Mon avis")
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Indiquez votre nom.")
    name = page.get_by_label("Nom", exact=True)
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("Indiquez votre nom"))
    expect(page.get_by_label("Commentaire", exact=True)).to_have_value("Mon avis")
    alert.get_by_role("link", name=re.compile("Indiquez votre nom")).click()
    expect(name).to_be_focused()


def test_without_javascript_the_same_errors_come_on_a_page(plain_page: Page, article: Article) -> None:
    plain_page.goto(article.get_absolute_url())
    plain_page.get_by_label("Nom", exact=True).fill("Jeanne")
    plain_page.get_by_label("Email").fill("jeanne@exemple")
    plain_page.get_by_label("Commentaire", exact=True).fill("Mon avis")
    plain_page.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(plain_page).to_have_title(re.compile("^Erreur"))
    expect(plain_page.get_by_role("alert")).to_contain_text("Cet email n’est pas valide")
    expect(plain_page.get_by_label("Commentaire", exact=True)).to_have_value("Mon avis")


def test_an_empty_field_is_refused_by_the_browser_itself(plain_page: Page, article: Article) -> None:
    plain_page.goto(article.get_absolute_url())
    plain_page.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(plain_page.locator("input:invalid").first).to_be_focused()


def test_the_keyboard_alone_sends_a_comment(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_label("Nom", exact=True).focus()
    for text in ("Jeanne", "jeanne@exemple.fr", "Au clavier"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Merci pour votre commentaire")).to_be_visible()
    assert Comment.objects.get().body == "Au clavier"


def test_a_lost_connection_keeps_the_text_and_says_so(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_label("Nom", exact=True).fill("Jeanne")
    page.get_by_label("Email").fill("jeanne@exemple.fr")
    page.get_by_label("Commentaire", exact=True).fill("Dans un tunnel")

    def cut(route: Route) -> None:
        route.fulfill(status=502, body="")

    page.route("**/commentaires/", cut)
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(page.locator("[data-status]")).to_contain_text("réessayez")
    expect(page.get_by_label("Commentaire", exact=True)).to_have_value("Dans un tunnel")
    page.unroute("**/commentaires/", cut)
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(page.get_by_role("status").filter(has_text="Merci pour votre commentaire")).to_be_visible()
    assert Comment.objects.count() == 1


def test_a_reply_opens_beneath_its_comment(page: Page, article: Article) -> None:
    parent = make_approved(article, author_name="Karim")
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Répondre à Karim").click()
    reply = page.locator(f"#commenter-c{parent.pk}")
    expect(reply.get_by_label("Nom", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Répondre à Karim")).to_be_focused()
    page.keyboard.press("Enter")
    reply.get_by_label("Nom", exact=True).fill("Jeanne")
    reply.get_by_label("Email").fill("jeanne@exemple.fr")
    reply.get_by_label("Commentaire", exact=True).fill("D’accord")
    reply.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(page.get_by_text("Merci pour votre commentaire")).to_be_visible()
    assert Comment.objects.get(author_name="Jeanne").parent == parent
