"""A comment's HTML is stored when it is approved, and is gone as soon as it is not."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from comments import rendering
from comments.models import Comment
from tests.factories import decide, make_approved, make_comment

pytestmark = pytest.mark.django_db


def test_a_comment_that_waits_has_no_public_html():
    assert make_comment().public_html == ""


def test_a_comment_that_is_approved_has_all_that_its_thread_shows():
    comment = make_approved(author_name="Ève <3", body="Un avis, « net » !")
    html = comment.public_html

    assert html.startswith(f'<article class="comment" id="c{comment.pk}">')
    assert html.endswith("</article>")
    assert "Ève &lt;3" in html
    assert comment.body_html in html
    assert "<time datetime=" in html


def test_it_has_a_link_to_reply_unless_it_is_a_reply():
    root = make_approved()
    reply = make_approved(root.article, parent=root)

    assert f'href="commentaires/?parent={root.pk}"' in root.public_html
    assert "data-reply" not in reply.public_html


@pytest.mark.parametrize("action", ["remove", "return_to_queue"])
def test_a_comment_that_is_no_longer_public_has_none(action: str):
    assert decide(make_approved(), action, reason="insult").public_html == ""


def test_a_comment_approved_again_has_it_again():
    comment = make_approved()
    html = comment.public_html
    decide(decide(comment, "remove", reason="insult"), "return_to_queue")

    assert decide(comment, "approve").public_html == html


BROKEN: dict[str, Callable[[], Comment]] = {
    "approved without": make_approved,
    "pending with": make_comment,
    "removed with": lambda: decide(make_approved(), "remove", reason="insult"),
}


@pytest.mark.parametrize("state", BROKEN)
def test_the_database_refuses_a_public_html_that_goes_against_the_status(state: str):
    comment = BROKEN[state]()
    html = "" if comment.is_approved else "<p>oui</p>"

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(public_html=html)


def test_the_demo_stores_what_an_approval_would_have_stored():
    call_command("demo", comments=150, verbosity=0)

    approved = Comment.objects.approved()
    assert approved.filter(parent__isnull=False).exists()
    assert all(comment.public_html == rendering.render_public(comment) for comment in approved)


def test_after_the_demo_the_next_comment_finds_a_free_key():
    call_command("demo", verbosity=0)
    last = Comment.objects.latest("pk").pk

    assert make_comment().pk > last
