"""The newsroom answers: signed, marked, published at once by whoever writes, and otherwise a comment like any other."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import DailyTally
from comments import counters, newsroom
from comments.models import Comment, CommentSettings, Decision, LaneCount
from tests.comments.helpers import QUEUE, by_id, page, post, text, value
from tests.factories import decide, logged_in, make_approved, make_article, make_comment, make_user, withdraw
from tests.parallel import together

BODY = "Merci, nous avons corrigé."


@pytest.fixture
def chief(db: None) -> User:
    """Return somebody who speaks for the newsroom."""
    return make_user("cheffe", groups=["Modération en chef"])


@pytest.fixture
def chief_client(chief: User) -> Client:
    """Return a client logged in as them."""
    return logged_in(chief)


def answer(comment: Comment, body: str = BODY, moderator: User | None = None) -> Comment:
    """Answer by the verb."""
    return newsroom.answer(comment_id=comment.pk, body=body, moderator=moderator)


def send(client: Client, comment: Comment, **values: Any) -> Any:
    """Send the form of an answer."""
    return client.post(f"{QUEUE}{comment.pk}/reponse/", {"body": BODY} | values)


@pytest.mark.django_db
def test_an_answer_is_public_at_once_signed_and_without_a_trace_of_who_wrote(chief: User):
    root = make_approved()
    said = answer(root, moderator=chief)

    assert (said.status, said.parent, said.article, said.is_newsroom) == ("approved", root, root.article, True)
    assert (said.author_name, said.author_email, said.client_network) == ("La rédaction", "", "")
    decision = said.decisions.get()
    assert (decision.action, decision.moderator, decision.evidence.body) == ("approve", chief, BODY)


@pytest.mark.django_db
def test_it_is_signed_as_the_settings_say():
    CommentSettings.objects.create(pk=1, newsroom_name="Le Courrier")

    assert answer(make_approved()).author_name == "Le Courrier"


@pytest.mark.django_db
def test_an_answer_to_a_reply_stands_in_the_same_conversation():
    root = make_approved()
    reply = make_approved(root.article, parent=root)

    assert answer(reply).parent == root


@pytest.mark.django_db
def test_readers_see_whose_answer_it_is(client: Client):
    root = make_approved()
    said = answer(root)
    shown = by_id(page(client.get(root.article.get_absolute_url())), f"c{said.pk}")

    assert text(shown).startswith("La rédaction Réponse du journal")
    assert "comment-newsroom" in str(shown.get("class"))
    assert "Répondre" not in text(shown)
    feed = client.get(f"{root.article.get_absolute_url()}flux/").content.decode()
    assert "Réponse du journal, signée La rédaction" in feed


@pytest.mark.django_db
def test_a_reader_who_calls_himself_the_newsroom_is_not_marked_as_it(client: Client):
    comment = make_approved(author_name="La rédaction")

    assert "Réponse du journal" not in client.get(comment.article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_everything_is_counted_as_for_any_comment():
    root = make_approved()
    said = answer(root)
    root.article.refresh_from_db()

    assert root.article.comment_count == 2
    assert DailyTally.objects.get().comments == 2
    assert counters.numbers() == dict.fromkeys(counters.Lane, 0) | {counters.Lane.APPROVED: 2}
    before = dict(LaneCount.objects.values_list("lane", "number"))
    counters.recount()
    assert {
        lane: number for lane, number in LaneCount.objects.values_list("lane", "number") if lane in before
    } == before
    root.refresh_from_db()
    assert str(said.public_html) in (root.public_html or "")


@pytest.mark.django_db
def test_it_is_removed_and_masked_like_any_other(client: Client):
    root = make_approved()
    said = decide(answer(root), "redact", text="Merci, […].")
    assert "Réponse du journal" in (said.public_html or "")
    decide(said, "remove", reason="other", explanation="Une erreur de notre part.")

    assert "Réponse du journal" not in client.get(root.article.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        make_comment,
        lambda: decide(make_comment(), "reject", reason="insult"),
        lambda: decide(make_approved(), "remove", reason="insult"),
        lambda: withdraw(make_approved()),
    ],
    ids=["pending", "rejected", "removed", "withdrawn"],
)
def test_only_what_is_public_is_answered(make):
    comment = make()
    with pytest.raises(newsroom.NotPublic, match="en ligne"):
        answer(comment)
    assert not Comment.objects.filter(is_newsroom=True).exists()


@pytest.mark.django_db
def test_nothing_is_answered_under_an_article_that_was_withdrawn():
    comment = make_approved()
    publishing.unpublish(article_id=comment.article_id)

    with pytest.raises(newsroom.NotPublic):
        answer(comment)


@pytest.mark.django_db
def test_under_a_first_comment_that_was_removed_its_replies_are_still_answered():
    root = make_approved()
    reply = make_approved(root.article, parent=root)
    decide(root, "remove", reason="insult")
    said = answer(reply)
    root.refresh_from_db()

    assert str(said.public_html) in (root.public_html or "")
    assert "Commentaire retiré" in (root.public_html or "")


@pytest.mark.django_db
def test_sent_twice_it_is_said_once_and_later_again(chief: User):
    root = make_approved()
    first = answer(root, moderator=chief)
    assert answer(root, moderator=chief) == first
    assert answer(root, "Autre chose.", moderator=chief) != first

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        again = answer(root, moderator=chief)
    assert again != first
    decide(again, "remove", reason="other", explanation="Pas encore.")
    assert answer(root, moderator=chief) not in {first, again}


@pytest.mark.django_db
def test_commenting_that_is_paused_is_paused_for_readers():
    answered = make_approved()
    CommentSettings.objects.create(pk=1, is_paused=True)

    assert answer(answered).status == "approved"


@pytest.mark.django_db
def test_readers_do_not_answer_an_answer_itself(client: Client):
    root = make_approved()
    said = answer(root)

    assert client.get(f"{root.article.get_absolute_url()}commentaires/", {"parent": said.pk}).status_code == 404
    assert post(client, root.article, parent=str(root.pk)).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_the_same_instant_one_answers(chief: User):
    root = make_approved(make_article())

    said = together(lambda number: answer(root, moderator=chief).pk)
    assert len(set(said)) == 1
    root.article.refresh_from_db()
    assert (root.article.comment_count, Decision.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_answers_decisions_and_choices_at_the_same_instant_leave_every_count_exact(chief: User):
    article = make_article()
    roots = [make_approved(article) for _number in range(4)]
    replies = [make_comment(article, parent=roots[number % 4]) for number in range(8)]

    def speak(number: int) -> None:
        root = roots[number % 4]
        decide(replies[number], "approve")
        newsroom.answer(comment_id=replies[number].pk, body=f"Réponse {number}.", moderator=chief)
        newsroom.select(comment_id=root.pk, moderator=chief)
        newsroom.move(comment_id=root.pk, by=-1, moderator=chief)
        decide(replies[number], "remove", reason="insult")

    together(speak)
    article.refresh_from_db()
    assert article.comment_count == 4 + 8
    ranks = Counter(Comment.objects.exclude(selected_rank=None).values_list("selected_rank", flat=True))
    assert ranks == {1: 1, 2: 1, 3: 1, 4: 1}
    counted = dict(LaneCount.objects.values_list("lane", "number"))
    counters.recount()
    assert {lane: number for lane, number in counted.items() if number} == {"approved": 12, "removed": 8}
    for root in roots:
        root.refresh_from_db()
        assert (root.public_html or "").count("Réponse du journal") == 2


# The page ---------------------------------------------------------------------------------------


def test_the_page_shows_what_is_answered_and_under_which_name(chief_client: Client):
    root = make_approved(body="Une question.")
    shown = text(page(chief_client.get(f"{QUEUE}{root.pk}/reponse/")))

    assert "Une question." in shown
    assert "signée La rédaction" in shown


def test_what_is_sent_is_published(chief_client: Client, chief: User):
    root = make_approved()
    response = send(chief_client, root, body=f"  {BODY}\r\n\r\nVoilà.\x07 ")

    assert response["Location"] == f"{QUEUE}{root.pk}/change/"
    said = Comment.objects.get(is_newsroom=True)
    assert said.body == f"{BODY}\n\nVoilà."
    assert said.decisions.get().moderator == chief


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Écrivez votre réponse."),
        (" \n\u200b\u3164", "Écrivez votre réponse."),
        ("x" * 5_001, "La réponse ne peut dépasser"),
        ("avant\x00après", "nul"),
    ],
    ids=["empty", "invisible", "too long", "null"],
)
def test_what_cannot_be_published_comes_back(chief_client: Client, typed: str, why: str):
    response = send(chief_client, make_approved(), body=typed)

    assert response.status_code == 422
    assert why in text(page(response))
    if "\x00" not in typed:
        assert value(page(response), "body").strip() == typed.strip()
    assert not Comment.objects.filter(is_newsroom=True).exists()


def test_what_goes_offline_meanwhile_leaves_what_was_typed(chief_client: Client):
    root = decide(make_approved(), "remove", reason="insult")
    response = send(chief_client, root)

    assert response.status_code == 409
    assert "n’est plus, en ligne" in text(page(response))
    assert value(page(response), "body") == BODY
    assert "On ne répond qu’à" in text(page(chief_client.get(f"{QUEUE}{root.pk}/reponse/")))


def test_who_does_not_speak_for_the_newsroom_answers_nothing(
    moderator_client: Client, editor_client: Client, client: Client, chief: User
):
    root = make_approved()
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(chief)

    for somebody in (moderator_client, editor_client, logged_in(make_user("stagiaire"))):
        assert somebody.get(f"{QUEUE}{root.pk}/reponse/").status_code == 403
        assert send(somebody, root).status_code == 403
    assert send(careless, root).status_code == 403
    assert send(client, root)["Location"].startswith("/admin/login/")
    assert Comment.objects.count() == 1


def test_the_publication_director_speaks_too(db: None):
    director = logged_in(make_user("directrice", groups=["Direction de la publication"]))

    assert send(director, make_approved()).status_code == 302


def test_a_comment_s_page_leads_there_for_those_who_may(chief_client: Client, moderator_client: Client):
    root, waiting = make_approved(), make_comment()
    link = f"{QUEUE}{root.pk}/reponse/"

    assert link in chief_client.get(f"{QUEUE}{root.pk}/change/").content.decode()
    assert link not in moderator_client.get(f"{QUEUE}{root.pk}/change/").content.decode()
    assert "/reponse/" not in chief_client.get(f"{QUEUE}{waiting.pk}/change/").content.decode()
    assert chief_client.get(f"{QUEUE}999999/reponse/").status_code == 404


def test_rows_say_what_the_newsroom_wrote(chief_client: Client):
    answer(make_approved())

    assert "publié réponse du journal" in text(page(chief_client.get(QUEUE, {"status": "approved"})))
