"""What a thread shows of a comment is stored when it is approved, and is gone as soon as it is not."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from comments import rendering
from comments.models import Comment
from tests.factories import decide, make_approved, make_comment

pytestmark = pytest.mark.django_db


def shown(comment: Comment) -> str:
    """Return the HTML that is stored of a comment, which has some."""
    comment.refresh_from_db()
    assert comment.public_html is not None
    return comment.public_html


def test_a_comment_that_waits_has_no_public_html():
    assert make_comment().public_html is None


def test_a_comment_that_is_approved_has_all_that_its_thread_shows():
    comment = make_approved(author_name="Ève <3", body="Un avis, « net » !")
    html = shown(comment)

    assert html.startswith(f'<article class="comment" id="c{comment.pk}">')
    assert html.endswith("</article>")
    assert "Ève &lt;3" in html
    assert comment.body_html in html
    assert "<time datetime=" in html


def test_it_has_a_link_to_reply_unless_it_is_a_reply():
    root = make_approved()
    reply = make_approved(root.article, parent=root)

    assert f'href="commentaires/?parent={root.pk}"' in shown(root)
    assert "data-reply" not in shown(reply)


def test_what_is_stored_of_a_first_comment_holds_its_approved_replies_oldest_first():
    root = make_approved()
    first, second, _waiting = (make_comment(root.article, parent=root) for _number in range(3))
    decide(second, "approve")
    decide(first, "approve")

    assert shown(root).index(shown(first)) < shown(root).index(shown(second))
    assert shown(root).count("<li>") == 2


def test_a_reply_that_is_removed_leaves_the_conversation():
    root = make_approved()
    alone = shown(root)
    reply = make_approved(root.article, parent=root)
    assert shown(root) != alone
    decide(reply, "remove", reason="insult")

    assert shown(root) == alone


@pytest.mark.parametrize("action", ["remove", "return_to_queue"])
def test_a_comment_that_is_no_longer_public_has_none(action: str):
    assert decide(make_approved(), action, reason="insult").public_html is None


def test_a_comment_approved_again_has_it_again():
    comment = make_approved()
    html = shown(comment)
    decide(decide(comment, "remove", reason="insult"), "return_to_queue")

    assert shown(decide(comment, "approve")) == html


def reply() -> Comment:
    """Return a reply that waits."""
    root = make_approved()
    return make_comment(root.article, parent=root)


BROKEN: dict[str, tuple[Callable[[], Comment], str | None]] = {
    "approved without": (make_approved, None),
    "pending reply with": (reply, "<p>oui</p>"),
    "removed reply with": (lambda: decide(decide(reply(), "approve"), "remove", reason="insult"), "<p>oui</p>"),
}


@pytest.mark.parametrize("state", BROKEN)
def test_the_database_refuses_html_that_goes_against_the_status(state: str):
    make, html = BROKEN[state]
    comment = make()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(public_html=html)


def test_the_demo_stores_what_decisions_would_have_stored():
    call_command("demo", comments=150, verbosity=0)

    assert Comment.objects.approved().filter(parent__isnull=False).exists()
    for comment in Comment.objects.all():
        replies = Comment.objects.filter(parent=comment, status="approved").oldest_first()
        answers = [reply.public_html for reply in replies if reply.public_html]
        assert comment.public_html == rendering.render_public(comment, answers)


def test_after_the_demo_the_next_comment_finds_a_free_key():
    call_command("demo", verbosity=0)
    last = Comment.objects.latest("pk").pk

    assert make_comment().pk > last
