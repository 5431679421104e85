"""The newsroom's voice in a browser: the pen with its script and without, and no accessibility fault anywhere."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from comments import newsroom
from comments.models import Comment
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.comments.helpers import QUEUE
from tests.factories import decide, make_approved, make_article, make_comment, make_user

BODY = "Quel âne, ce maire. Il habite 12, rue des Lilas."


@pytest.fixture
def chief(transactional_db: None) -> User:
    """Return somebody who decides and speaks for the newsroom."""
    return make_user("cheffe", groups=["Modération en chef"])


@pytest.fixture
def conversation(chief: User) -> Comment:
    """Return a comment that is answered, masked and chosen, under a long name and with a word that has no end."""
    root = make_approved(make_article(), author_name="M" * 80, body=f"{'Z' * 300} âne.")
    decide(root, "redact", text=f"{'Z' * 300} […].")
    newsroom.answer(comment_id=root.pk, body="Merci. " * 40, moderator=chief)
    reply = make_approved(root.article, parent=root)
    for comment in (root, reply):
        newsroom.select(comment_id=comment.pk, moderator=chief)
    return root


def choose(page: Page, passage: str) -> None:
    """Select a passage of the text as one does with a mouse."""
    page.get_by_label("Texte", exact=True).evaluate(
        """(field, passage) => {
            const start = field.value.indexOf(passage);
            field.focus();
            field.setSelectionRange(start, start + passage.length);
        }""",
        passage,
    )


def test_a_passage_is_masked_by_selecting_it(page: Page, chief: User) -> None:
    comment = make_comment(body=BODY)
    log_in(page, chief)
    page.goto(f"{QUEUE}{comment.pk}/stylo/")
    field = page.get_by_label("Texte", exact=True)
    page.get_by_role("button", name="Masquer la sélection").click()
    expect(page.get_by_role("status")).to_have_text("Sélectionnez d’abord un passage dans le texte.")
    choose(page, " âne")
    page.get_by_role("button", name="Masquer la sélection").click()
    expect(field).to_have_value("Quel […], ce maire. Il habite 12, rue des Lilas.")
    choose(page, "12, rue des Lilas")
    page.keyboard.press("Alt+m")
    expect(field).to_have_value("Quel […], ce maire. Il habite […].")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("Quel […], ce maire. Il habite 12, rue des Lilas.")
    page.get_by_role("button", name="Masquer et publier").click()

    expect(page.locator(".messagelist")).to_contain_text("Passages masqués, commentaire publié.")
    comment.refresh_from_db()
    assert (comment.status, comment.body) == ("approved", "Quel […], ce maire. Il habite 12, rue des Lilas.")


def test_without_javascript_one_types_the_mark(plain_page: Page, chief: User) -> None:
    comment = make_comment(body=BODY)
    log_in(plain_page, chief)
    plain_page.goto(QUEUE)
    plain_page.get_by_role("link", name="Masquer…").click()
    field = plain_page.get_by_label("Texte", exact=True)
    expect(plain_page.get_by_role("button", name="Masquer la sélection")).to_be_hidden()
    field.fill(BODY.replace("âne", "[...]").replace("maire", "préfet"))
    plain_page.get_by_role("button", name="Masquer", exact=True).click()
    expect(plain_page.locator(".errorlist")).to_contain_text("préfet")
    field.fill(BODY.replace("âne", "[...]"))
    plain_page.get_by_role("button", name="Masquer", exact=True).click()

    expect(plain_page.locator("#result_list")).to_contain_text("Quel […], ce maire.")
    comment.refresh_from_db()
    assert comment.body == BODY.replace("âne", "[…]")


def test_without_javascript_the_newsroom_answers_and_chooses(plain_page: Page, chief: User) -> None:
    comment = make_approved(body="Une question.")
    log_in(plain_page, chief)
    plain_page.goto(f"{QUEUE}{comment.pk}/change/")
    plain_page.get_by_role("link", name="Répondre au nom du journal").click()
    plain_page.get_by_label("Réponse").fill("Une réponse.")
    plain_page.get_by_role("button", name="Publier la réponse").click()
    plain_page.get_by_role("button", name="Choisir pour la sélection de la rédaction").click()
    expect(plain_page.locator(".selected")).to_contain_text("Une question.")

    plain_page.goto(comment.article.get_absolute_url())
    expect(plain_page.locator(".comment-newsroom")).to_contain_text("Une réponse.")
    plain_page.get_by_role("link", name="Lire dans le fil").click()
    expect(plain_page.locator(f"#c{comment.pk}")).to_be_in_viewport()


def test_axe_finds_nothing_in_the_thread(page: Page, conversation: Comment) -> None:
    page.goto(conversation.article.get_absolute_url())
    expect(page.get_by_role("heading", name="Sélection de la rédaction")).to_be_visible()
    assert faults(page, "main", looks=LOOKS) == []
    page.goto(conversation.get_absolute_url())
    assert faults(page, "main", looks=LOOKS) == []


def test_axe_finds_nothing_at_the_desk(page: Page, chief: User, conversation: Comment) -> None:
    log_in(page, chief)
    own = f"{QUEUE}{conversation.pk}"
    found = {}
    for address in (
        f"{QUEUE}?status=approved",
        f"{own}/change/",
        f"{own}/stylo/",
        f"{own}/reponse/",
        f"{QUEUE}selection/{conversation.article_id}/",
    ):
        page.goto(address)
        found[address] = faults(page, "#content", looks=LOOKS)
    page.goto(f"{own}/stylo/")
    page.get_by_role("button", name="Masquer", exact=True).click()
    found["refused"] = faults(page, "#content", looks=LOOKS)
    assert {address: listed for address, listed in found.items() if listed} == {}
