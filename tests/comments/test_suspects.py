"""From what the reader's form sends to the lane in which a comment waits."""

import pytest
from django.test import Client

from comments import counters
from comments.models import Comment
from tests.comments.helpers import QUEUE, by_id, noticed, page, post, text
from tests.factories import decide, make_article, make_comment

pytestmark = pytest.mark.django_db

LONG = "Voici un texte assez long pour que deux personnes ne l’écrivent pas par hasard, mot pour mot."
Lane = Comment.Lane


def newest() -> Comment:
    """Return the comment that was stored last."""
    return Comment.objects.latest("pk")


def test_a_strong_finding_sends_a_comment_to_the_lane_of_suspects(client: Client):
    response = post(client, make_article(), website="x")

    assert response["Location"] == newest().get_absolute_url()
    assert (newest().status, newest().lane) == (Comment.Status.PENDING, Lane.SUSPECT)
    assert counters.numbers()[Lane.SUSPECT] == 1
    assert counters.numbers()[Lane.PENDING] == 0


def test_an_ordinary_first_comment_with_a_link_stays_in_the_ordinary_lane(client: Client):
    post(client, make_article(), body="Lisez plutôt www.exemple.fr avant de CRIER.")

    assert (newest().lane, noticed(newest())) == (Lane.PENDING, ["links"])


def test_a_suspect_is_published_and_returns_like_any_other():
    comment = decide(make_comment(honeypot="x"), "approve")
    assert comment.lane == Lane.APPROVED

    assert decide(comment, "return_to_queue").lane == Lane.SUSPECT
    assert counters.numbers()[Lane.SUSPECT] == 1


def test_what_was_found_is_kept_with_what_was_judged():
    comment = decide(make_comment(author_email="x@yopmail.com"), "reject", reason="advertising")
    findings = comment.decisions.get().evidence.findings

    assert findings == [{"rule": "disposable_email", "detail": ""}, {"rule": "first_comment", "detail": ""}]


@pytest.mark.parametrize(("seconds", "found"), [("0", True), ("2.9", True), ("3.0", False), ("86400", False)])
def test_a_form_filled_too_fast_is_noticed_where_script_says_so(client: Client, seconds: str, found: bool):
    assert post(client, make_article(), seconds=seconds).status_code == 303

    assert noticed(newest()) == (["too_fast"] if found else [])
    assert newest().lane == Lane.PENDING


@pytest.mark.parametrize(
    "seconds", [None, "", "-1", "abc", "NaN", "inf", "1e-9", "0x1", "٣", "86401", "9" * 400, "\0", " 1 "]
)
def test_an_absent_or_absurd_time_is_no_finding_and_no_error(client: Client, seconds: str | None):
    assert post(client, make_article(), seconds=seconds).status_code == 303

    assert noticed(newest()) == []


def test_the_page_that_everyone_shares_has_no_place_for_the_time(client: Client):
    assert b"seconds" not in client.get(make_article().get_absolute_url()).content


def test_a_time_that_was_sent_does_not_come_back_with_the_errors(client: Client):
    response = post(client, make_article(), author_name="", seconds="1.53125")

    assert response.status_code == 422
    assert b"1.53125" not in response.content


@pytest.mark.parametrize(
    "body",
    [LONG, LONG.upper(), LONG.replace("é", "e\u0301"), f"  {LONG.replace(' ', '  ')} !!", LONG.replace("a", "a\u200b")],
)
def test_the_same_text_from_another_email_is_noticed(body: str):
    first = make_comment(body=LONG)
    second = make_comment(first.article, body=body)

    assert noticed(first) == []
    assert "elsewhere" in noticed(second)
    assert second.lane == Lane.SUSPECT


def test_the_same_text_under_another_article_is_noticed():
    make_comment(body=LONG, author_email="jeanne@exemple.fr")

    assert noticed(make_comment(body=LONG, author_email="jeanne@exemple.fr")) == ["elsewhere"]


def test_the_same_text_of_the_same_person_at_the_same_place_is_a_repetition_only():
    first = make_comment(body=LONG, author_email="jeanne@exemple.fr")

    assert noticed(make_comment(first.article, body=LONG, author_email="jeanne@exemple.fr")) == ["duplicate"]


@pytest.mark.parametrize("body", ["Merci !", "Bravo", "Merci beaucoup pour cet article très intéressant !", "👍" * 80])
def test_a_text_too_short_to_tell_is_everyone_s(body: str):
    first = make_comment(body=body)

    assert noticed(make_comment(body=body)) == []
    assert first.text_digest == ""


def test_another_text_is_not_the_same():
    make_comment(body=LONG)

    assert noticed(make_comment(body=f"{LONG} Ou presque.")) == []


def test_the_digest_of_a_text_is_no_plain_digest_and_names_nobody():
    first, second = make_comment(body=LONG), make_comment(body=LONG)

    assert len(first.text_digest) == 32
    assert first.text_digest == second.text_digest


def test_a_person_s_first_comment_is_said_to_be_one_and_the_next_is_not():
    first = make_comment(author_email="jeanne@exemple.fr")
    second = make_comment(author_email="Jeanne@exemple.fr")

    assert [comment.findings.filter(rule="first_comment").exists() for comment in (first, second)] == [True, False]
    assert first.lane == Lane.PENDING


def test_the_desk_says_what_was_found_in_words_and_in_order(moderator_client: Client):
    comment = make_comment(body="www.exemple.fr NON !!!!!!", honeypot="x")
    row = text(by_id(page(moderator_client.get(QUEUE, {"status": "suspect"})), "result_list"))

    assert "champ piège rempliliens : 1caractères répétés" in row
    assert "premier commentaire de cette personne" not in row
    detail = text(page(moderator_client.get(f"{QUEUE}{comment.pk}/change/")))
    assert "caractères répétéspremier commentaire de cette personne" in detail
