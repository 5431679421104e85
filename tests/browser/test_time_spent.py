"""The script says how long the form took; without script nothing is said."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Comment
from tests.comments.helpers import noticed
from tests.factories import make_article


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return a published article."""
    return make_article()


def fill(page: Page, email: str = "jeanne@exemple.fr") -> None:
    """Fill the form."""
    page.get_by_label("Nom", exact=True).fill("Jeanne")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Commentaire", exact=True).fill("Mon avis")


def send(page: Page) -> None:
    """Send the form."""
    page.get_by_role("button", name="Envoyer mon commentaire").click()


def test_a_form_filled_at_once_is_noticed(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.wait_for_timeout(3_500)  # reading is not filling
    fill(page)
    send(page)
    expect(page.get_by_role("status").filter(has_text="Merci pour votre commentaire")).to_be_visible()

    assert noticed(Comment.objects.get()) == ["too_fast"]


def test_one_who_takes_their_time_is_not_even_if_the_last_word_is_mended_quickly(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    fill(page, email="jeanne@exemple")
    page.wait_for_timeout(3_500)
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Email").fill("jeanne@exemple.fr")
    send(page)
    expect(page.get_by_role("status").filter(has_text="Merci pour votre commentaire")).to_be_visible()

    assert noticed(Comment.objects.get()) == []


def test_without_script_nobody_is_too_fast(plain_page: Page, article: Article) -> None:
    plain_page.goto(article.get_absolute_url())
    fill(plain_page)
    send(plain_page)
    expect(plain_page.get_by_text("Merci pour votre commentaire")).to_be_visible()

    assert noticed(Comment.objects.get()) == []
