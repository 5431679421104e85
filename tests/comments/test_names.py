"""A name stands on one line, and leaves what stands around it in place."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import page, post, text
from tests.factories import make_approved, make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jean\nDupont", "Jean Dupont"),
        ("Jean\r\n\r\nDupont", "Jean Dupont"),
        ("Jean\t\t Dupont ", "Jean Dupont"),
        ("Jean\u2028Dupont", "Jean Dupont"),
        ("Jean\u202eDupont\u202c", "Jean Dupont"),
        ("\u2067Jean\u2069", "Jean"),
        ("Je\x07an", "Jean"),
        ("עברית", "עברית"),
        ("محمد", "محمد"),
        ("Jean 👍", "Jean 👍"),
        ("R2", "R2"),
        ("O'Brien <3", "O'Brien <3"),
    ],
)
def test_a_name_is_kept_on_one_line(client: Client, typed: str, kept: str):
    assert post(client, make_article(), author_name=typed).status_code == 303
    assert Comment.objects.get().author_name == kept


@pytest.mark.parametrize("typed", ["…", "!!!", "-", "_", "\u202e", "\u200b", "<>"])
def test_a_name_needs_a_letter_or_a_figure(client: Client, typed: str):
    response = post(client, make_article(), author_name=typed)

    assert response.status_code == 422
    assert "Indiquez votre nom." in text(page(response))


def test_a_name_is_shown_as_text(client: Client):
    comment = make_approved(author_name="<b>Jean</b> & fils")
    source = client.get(comment.article.get_absolute_url()).content.decode()

    assert "&lt;b&gt;Jean&lt;/b&gt; &amp; fils" in source
    assert "<b>Jean" not in source


def test_a_name_is_isolated_from_the_date_beside_it(client: Client):
    comment = make_approved(author_name="محمد")
    tree = page(client.get(comment.article.get_absolute_url()))

    assert "محمد" in {text(element) for element in tree.iter("bdi")}
