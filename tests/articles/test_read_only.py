"""The page of an article for somebody who may read it and not change it."""

import pytest
from django.test import Client

from tests.articles.pictures.making import make_picture
from tests.articles.test_admin import ADD, change
from tests.factories import logged_in, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    """Return a page that is there."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def journalist_client(db: None) -> Client:
    """Return a client of a member of «Journalistes»."""
    return logged_in(make_user("journaliste", groups=["Journalistes"]))


def test_a_journalist_is_told_why_an_article_with_a_date_stays_as_it_is_and_who_changes_it(
    journalist_client: Client,
) -> None:
    make_user("anne", first_name="Anne", last_name="Roy", groups=["Rédacteurs"])
    html = page(journalist_client, change(make_article()))
    assert "Cet article a une date : seuls ceux qui publient le changent." in html
    assert "Peut le changer : Anne Roy." in html


def test_a_moderator_is_told_that_their_account_changes_none(moderator_client: Client) -> None:
    make_user("journaliste", groups=["Journalistes"])
    html = page(moderator_client, change(make_draft()))
    assert "Votre compte lit les articles et n’en change aucun." in html
    assert "Peut le changer : journaliste." in html


def test_a_few_colleagues_are_named_and_the_others_are_said_to_be(moderator_client: Client) -> None:
    for number in range(8):
        make_user(f"editrice-{number}", groups=["Rédacteurs"])
    assert "editrice-5 et d’autres." in page(moderator_client, change(make_article()))


def test_whoever_may_change_an_article_is_told_nothing_of_it(editor_client: Client) -> None:
    assert "le changer" not in page(editor_client, change(make_article()))


def test_the_text_is_read_as_prose(moderator_client: Client) -> None:
    picture = make_picture(credit="Zoé <Z>")
    article = make_article(
        body="<h2>Un quai</h2><p>C'est <em>dit</em>.</p>", lead_picture=picture, footnote="<b>Né</b>"
    )
    html = page(moderator_client, change(article))
    assert "<h2>Un quai</h2><p>C’est <em>dit</em>.</p>" in html
    assert "&lt;h2&gt;" not in html
    assert "Zoé &lt;Z&gt;" in html


@pytest.mark.parametrize("address", ["add", "change"])
def test_the_help_of_the_text_names_elements_rather_than_opening_them(editor_client: Client, address: str) -> None:
    html = page(editor_client, ADD if address == "add" else change(make_draft()))
    assert "paragraphes &lt;p&gt;, intertitres &lt;h2&gt; et &lt;h3&gt;" in html
