"""The queue: what waits, oldest first, with all that one needs to decide."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from tests.comments.helpers import QUEUE, by_id, named, page, post, text
from tests.factories import decide, make_approved, make_article, make_comment

pytestmark = pytest.mark.django_db


def rows(response: HttpResponse) -> list[str]:
    """Return the text of each row of the list."""
    assert response.status_code == 200
    body = next((element for element in by_id(page(response), "result_list").iter("tbody")), None)
    return [] if body is None else [text(row) for row in body.iter("tr")]


def test_what_waits_stands_oldest_first(moderator_client: Client):
    now = timezone.now()
    for hours, name in ((1, "Plus récente"), (3, "Plus ancienne"), (2, "Entre les deux")):
        with time_machine.travel(now - timedelta(hours=hours), tick=False):
            make_comment(author_name=name)
    shown = rows(moderator_client.get(QUEUE))

    expected = ["Plus ancienne", "Entre les deux", "Plus récente"]
    assert [name for row in shown for name in expected if name in row] == expected


def test_what_is_decided_does_not_wait(moderator_client: Client):
    make_approved(author_name="Publiée")
    decide(make_comment(author_name="Refusée"), "reject", reason="insult")
    make_comment(author_name="En attente")

    assert [("En attente" in row, "ublié" in row) for row in rows(moderator_client.get(QUEUE))] == [(True, False)]


@pytest.mark.parametrize(
    ("status", "count"), [("pending", 1), ("approved", 1), ("rejected", 1), ("spam", 0), ("all", 3), ("inconnu", None)]
)
def test_one_can_ask_for_another_status(moderator_client: Client, status: str, count: int | None):
    make_comment()
    make_approved()
    decide(make_comment(), "reject", reason="insult")
    response = moderator_client.get(QUEUE, {"status": status})

    if count:
        assert len(rows(response)) == count
    else:
        assert response.status_code in {200, 302}


def test_a_row_shows_the_article_the_name_the_whole_text_and_the_age(moderator_client: Client):
    article = make_article(headline="Un titre reconnaissable")
    with time_machine.travel(timezone.now() - timedelta(hours=3), tick=False):
        make_comment(article, author_name="Zoé", body="mot " * 1_249 + "fin.")
    (row,) = rows(moderator_client.get(QUEUE))

    assert "Un titre reconnaissable" in row
    assert "Zoé" in row
    assert "mot fin." in row
    assert row.count("mot") == 1_249
    assert "il y a 3 heures" in row


def test_a_text_is_shown_and_never_run(moderator_client: Client):
    make_comment(author_name="<b>Zoé</b>", body="<script>alert(1)</script> {{ x }}")
    source = moderator_client.get(QUEUE).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }}" in source
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in source
    assert "<script>alert" not in source


def test_a_reply_says_to_whom_it_replies(moderator_client: Client):
    root = make_approved(author_name="Ismaël")
    make_comment(root.article, parent=root)

    assert "en réponse à ismaël" in rows(moderator_client.get(QUEUE))[0].lower()


def test_a_row_says_what_the_screening_found(moderator_client: Client, client: Client):
    post(client, make_article(), website="x")

    assert "champ piège rempli" in rows(moderator_client.get(QUEUE, {"status": "suspect"}))[0]


def test_a_row_carries_the_version_shown(moderator_client: Client):
    comment = decide(make_approved(), "return_to_queue")
    tree = page(moderator_client.get(QUEUE))

    assert named(tree, f"seen_{comment.pk}").get("value") == "3"


def test_the_version_of_a_comment_decided_a_thousand_times_stays_whole(moderator_client: Client):
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(version=1_234)

    assert named(page(moderator_client.get(QUEUE)), f"seen_{comment.pk}").get("value") == "1234"


def test_one_can_search_names_and_texts(moderator_client: Client):
    make_comment(author_name="Zoé", body="mot rare")
    make_comment()

    for words in ("Zoé", "rare"):
        assert len(rows(moderator_client.get(QUEUE, {"q": words}))) == 1


def test_the_detail_tells_the_whole_history(moderator_client: Client, moderator: User):
    comment = make_comment(body="Le texte jugé")
    decide(comment, "reject", moderator=moderator, reason="other", explanation="Une explication")
    decide(comment, "return_to_queue", moderator=moderator)
    decide(comment, "approve")
    shown = text(page(moderator_client.get(f"{QUEUE}{comment.pk}/change/")))

    for words in ("Refuser", "autre motif", "moderatrice", "Une explication", "Le texte jugé", "Remettre en attente"):
        assert words in shown
    assert "une commande" in shown


def test_the_detail_of_an_undecided_comment_says_so(moderator_client: Client):
    shown = text(page(moderator_client.get(f"{QUEUE}{make_comment().pk}/change/")))

    assert "Aucune décision pour le moment." in shown


def test_an_editor_reads_a_comment_without_the_moderators_reasons(editor_client: Client, moderator: User):
    comment = make_comment(body="Le texte jugé")
    decide(comment, "reject", moderator=moderator, reason="other", explanation="Une explication")
    shown = text(page(editor_client.get(f"{QUEUE}{comment.pk}/change/")))

    assert "Le texte jugé" in shown
    assert "Une explication" not in shown
    assert "moderatrice" not in shown
