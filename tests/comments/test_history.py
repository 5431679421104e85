"""What was decided before stands beside each comment: the last of it in the queue, all of it on the comment's page."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Charter, Comment
from tests.comments.helpers import QUEUE, make_many, page, text
from tests.factories import decide, logged_in, make_comment, make_user

pytestmark = pytest.mark.django_db


def beside(client: Client) -> list[str]:
    """Return what stands in the queue of the decisions before, one text for each comment that has some."""
    return [text(each) for each in page(client.get(QUEUE)).iter("details") if each.get("class") == "past"]


def in_full(client: Client, comment: Comment) -> list[str]:
    """Return the decisions that a comment's page tells."""
    tree = page(client.get(f"{QUEUE}{comment.pk}/change/"))
    lists = [element for element in tree.iter("ol") if element.get("class") == "decisions"]
    return [text(item) for each in lists for item in each.findall("li")]


def test_the_queue_tells_who_decided_what_why_and_when(moderator_client: Client, moderator: User):
    comment = make_comment()
    make_comment()
    with time_machine.travel(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), tick=False):
        decide(comment, "reject", moderator=moderator, reason="other", explanation="Hors <charte>.")
    with time_machine.travel(datetime(2026, 7, 2, 10, tzinfo=UTC), tick=False):
        decide(comment, "return_to_queue")
    [told] = beside(moderator_client)

    assert told == (
        "2 décisions avant Remettre en attente · une commande · 2 juillet 2026, 12:00"
        "Refuser · autre motif · moderatrice · 2 juillet 2026, 00:30Hors <charte>. Tout l’historique, avec les textes jugés"
    )


def test_the_queue_tells_the_last_ones_alone(moderator_client: Client):
    comment = make_comment()
    for _turn in range(2):
        decide(decide(comment, "reject", reason="insult"), "return_to_queue")
    [told] = beside(moderator_client)

    assert told.startswith("plus de 3 décisions avant Remettre en attente")
    assert told.count(" · une commande · ") == 3


def test_it_tells_nothing_to_those_who_may_not_read_decisions(editor_client: Client):
    comment = decide(decide(make_comment(), "reject", reason="insult"), "return_to_queue")

    assert beside(editor_client) == []
    assert in_full(editor_client, comment) == []


def test_one_query_tells_it_for_the_whole_page(moderator_client: Client):
    def decision_queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            moderator_client.get(QUEUE)
        return sum('JOIN "comments_evidence"' in query["sql"] for query in captured.captured_queries)

    for comment in make_many(10, status="pending"):
        decide(decide(comment, "reject", reason="insult"), "return_to_queue")

    assert decision_queries() == 1


def test_the_page_of_a_comment_tells_all_with_findings_charter_and_command(moderator_client: Client):
    Charter.objects.create(number=7, body="…", body_html="…")
    comment = make_comment(author_name="Zoé", body="Un avis.", honeypot="x")
    for _turn in range(2):
        decide(decide(comment, "reject", reason="insult"), "return_to_queue")
    told = in_full(moderator_client, comment)

    assert len(told) == 4
    assert "Refuser · injure ou diffamation · une commande · " in told[0]
    assert "Zoé : Un avis." in told[0]
    assert "sur la version 1 du commentaire · charte, version 7" in told[0]
    assert "champ piège rempli" in told[0]


def test_the_page_of_a_comment_tells_it_once(moderator_client: Client):
    comment = decide(make_comment(), "approve")

    assert 'class="past"' not in moderator_client.get(f"{QUEUE}{comment.pk}/change/").content.decode()


def test_those_who_may_export_are_led_to_it(moderator_client: Client):
    comment = decide(make_comment(), "approve")
    chief = logged_in(make_user("cheffe", groups=["Modération en chef"]))
    address = f"/admin/comments/decision/exporter/?author_of={comment.pk}"

    assert address in chief.get(f"{QUEUE}{comment.pk}/change/").content.decode()
    assert address not in moderator_client.get(f"{QUEUE}{comment.pk}/change/").content.decode()
    Comment.objects.update(author_email="")
    assert address not in chief.get(f"{QUEUE}{comment.pk}/change/").content.decode()
