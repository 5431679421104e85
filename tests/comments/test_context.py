"""«Open in context»: from the desk to where a comment stands, or would."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import QUEUE, make_many
from tests.factories import logged_in, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db


def place(client: Client, comment: Comment) -> str:
    """Return where the desk leads from a comment."""
    return client.get(f"{QUEUE}{comment.pk}/contexte/")["Location"]


def test_a_public_comment_stands_on_its_page_of_the_thread(moderator_client: Client):
    comments = make_many(51)

    assert (
        place(moderator_client, comments[-1]) == f"{comments[0].article.get_absolute_url()}?page=2#c{comments[-1].pk}"
    )


def test_a_reply_that_waits_is_read_beneath_what_it_answers(moderator_client: Client):
    answered = make_approved()
    reply = make_comment(answered.article, parent=answered)

    assert place(moderator_client, reply) == f"{answered.article.get_absolute_url()}#c{answered.pk}"


def test_any_other_is_read_under_its_article(moderator_client: Client):
    comment = make_comment()

    assert place(moderator_client, comment) == f"{comment.article.get_absolute_url()}#commentaires"


def test_who_does_not_see_comments_is_led_nowhere(client: Client):
    path = f"{QUEUE}{make_comment().pk}/contexte/"

    assert logged_in(make_user("stagiaire")).get(path).status_code == 403
    assert client.get(path).status_code == 302
