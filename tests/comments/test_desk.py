"""Deciding from the list: the button of a row, the desk's script, and what a row shows of who wrote."""

from typing import Any

import pytest
from django.test import Client

from comments.desk import persons
from comments.models import Comment, Decision
from tests.comments.helpers import QUEUE, by_id, listed, page, text
from tests.factories import decide, logged_in, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
NOTE = "Est-ce encore de la satire ?"


def send(client: Client, action: str, *comments: Comment, **values: Any) -> Any:
    """Decide as the desk's script does."""
    data = {"action": action, "index": "0", "select_across": "0", "reason": "", "explanation": ""}
    data |= {f"seen_{comment.pk}": str(comment.version) for comment in comments}
    chosen = [comment.pk for comment in comments]
    return client.post(QUEUE, data | {"_selected_action": chosen} | values, headers=JSON)


def row(client: Client, **query: str) -> str:
    """Return the text of the only row of the list."""
    body = next(by_id(page(client.get(QUEUE, query)), "result_list").iter("tbody"))
    [only] = body.iter("tr")
    return text(only)


def test_the_button_of_a_row_decides_on_that_row_alone(moderator_client: Client):
    first, second = make_comment(), make_comment()
    data = {"one": f"approve.{first.pk}.1", "action": "", "_selected_action": [second.pk], f"seen_{second.pk}": "1"}
    response = moderator_client.post(QUEUE, data, follow=True)

    assert "« Publier » : 1 commentaire." in text(page(response))
    assert [Comment.objects.get(pk=comment.pk).status for comment in (first, second)] == ["approved", "pending"]


def test_the_button_that_refuses_asks_for_a_reason_first(moderator_client: Client):
    comment = make_comment()
    data = {"one": f"reject.{comment.pk}.1", "reason": "insult", "explanation": "d’avant"}
    shown = text(page(moderator_client.post(QUEUE, data)))

    assert "Choisissez un motif" in shown
    assert "d’avant" not in shown
    assert not Decision.objects.exists()


def test_a_stale_button_changes_nothing_and_says_who_was_faster(moderator_client: Client):
    comment = make_comment()
    decide(comment, "reject", reason="hate", moderator=make_user("collegue"))
    decide(comment, "return_to_queue", moderator=make_user("collegue2"))
    shown = text(page(moderator_client.post(QUEUE, {"one": f"approve.{comment.pk}.1"}, follow=True)))

    assert "collegue2 a été plus rapide" in shown
    assert Comment.objects.get().status == "pending"


@pytest.mark.parametrize("one", ["approve", "approve.1", "approve.x.1", "explode.1.1", "approve.999999.1", "." * 500])
def test_a_button_that_does_not_exist_changes_nothing(moderator_client: Client, one: str):
    make_comment()

    assert moderator_client.post(QUEUE, {"one": one}).status_code in {200, 302}
    assert not Decision.objects.exists()


def test_the_script_is_told_of_each_comment_what_became_of_it(moderator_client: Client):
    first, second = make_comment(), make_comment()
    decide(second, "approve", moderator=make_user("collegue"))
    answer = send(moderator_client, "approve", first, second).json()

    assert answer["taken"] == {str(first.pk): 2}
    assert list(answer["refused"]) == [str(second.pk)]
    assert "collegue a été plus rapide" in answer["refused"][str(second.pk)]


@pytest.mark.parametrize(
    ("action", "why"), [("reject", "Choisissez un motif"), ("escalate", "ce qui vous fait hésiter")]
)
def test_the_script_is_told_what_is_missing(moderator_client: Client, action: str, why: str):
    response = send(moderator_client, action, make_comment())

    assert response.status_code == 422
    assert why in response.json()["error"]
    assert not Decision.objects.exists()


def test_the_script_takes_a_decision_back(moderator_client: Client):
    comment = make_comment()
    [version] = send(moderator_client, "approve", comment).json()["taken"].values()
    comment.version = version

    assert send(moderator_client, "undo", comment).json() == {"taken": {str(comment.pk): 3}, "refused": {}}
    assert Comment.objects.get().status == "pending"


@pytest.mark.parametrize("action", [action.value for action in Decision.Action])
def test_who_may_not_decide_does_not_by_the_script_either(editor_client: Client, action: str):
    send(editor_client, action, make_comment(), reason="insult", explanation=NOTE)

    assert not Decision.objects.exists()


def test_buttons_stand_before_those_who_decide_alone(moderator_client: Client, editor_client: Client):
    make_comment()

    assert "Publier Refuser Indésirable Transmettre" in row(moderator_client)
    assert "Refuser" not in row(editor_client)


def test_what_is_passed_on_leaves_the_ordinary_queue(moderator_client: Client):
    waiting, escalated = make_comment(), decide(make_comment(), "escalate", explanation=NOTE)

    assert listed(moderator_client.get(QUEUE)) == [waiting.pk]
    assert listed(moderator_client.get(QUEUE, {"status": "escalated"})) == [escalated.pk]
    assert "transmis à la direction" in row(moderator_client, status="escalated")


def test_a_moderator_s_forged_decision_on_it_is_refused_and_the_director_s_taken(moderator_client: Client):
    escalated = decide(make_comment(), "escalate", explanation=NOTE, moderator=make_user("autre"))
    answer = send(moderator_client, "approve", escalated).json()
    assert "transmis à la direction" in answer["refused"][str(escalated.pk)]

    director = logged_in(make_user("directrice", groups=["Direction de la publication"]))
    assert send(director, "approve", escalated).json()["taken"] == {str(escalated.pk): 3}


def test_a_row_tells_what_became_of_the_others_of_who_wrote(moderator_client: Client):
    email = "la-meme@exemple.fr"
    make_approved(author_email=email, body="Un premier avis.")
    decide(make_comment(author_email=email, body="Une insulte."), "reject", reason="insult")
    make_comment(author_email=email, body="Celui qui attend.")
    shown = row(moderator_client)

    assert "1 publié" in shown
    assert "1 refusé" in shown
    assert "refusé : Une insulte." in shown
    assert "publié : Un premier avis." in shown
    assert shown.count("Celui qui attend.") == 1
    assert email not in shown


def test_a_first_comment_is_said_to_be_one(moderator_client: Client):
    make_comment()

    assert "premier commentaire" in row(moderator_client)


def test_a_row_shows_the_last_three_only(moderator_client: Client):
    for number in range(5):
        make_approved(author_email="bavard@exemple.fr", body=f"Avis {number}.")
    make_comment(author_email="bavard@exemple.fr")
    shown = row(moderator_client)

    assert "5 publié" in shown
    assert [number for number in range(5) if f"Avis {number}." in shown] == [2, 3, 4]


def test_a_comment_whose_e_mail_is_gone_is_nobody_s(moderator_client: Client):
    for _number in range(2):
        comment = make_comment()
        Comment.objects.filter(pk=comment.pk).update(author_email="")
    shown = text(by_id(page(moderator_client.get(QUEUE)), "result_list"))

    assert "premier commentaire" not in shown
    assert "1 en attente" not in shown


def test_a_reply_shows_what_it_answers(moderator_client: Client):
    root = make_approved(body="La phrase à laquelle on répond.")
    make_comment(root.article, parent=root)

    assert "La phrase à laquelle on répond." in row(moderator_client)


def test_who_wrote_a_thousand_comments_costs_no_more_than_who_wrote_few(
    moderator_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(persons, "MOST", 4)
    for number in range(6):
        make_approved(author_email="bavard@exemple.fr", body=f"Avis {number}.")
    make_comment(author_email="bavard@exemple.fr")
    shown = row(moderator_client)

    assert "3 publié" in shown
    assert "et d’autres plus anciens" in shown
    assert "Avis 5." in shown
