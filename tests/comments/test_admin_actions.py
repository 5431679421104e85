"""Deciding in the queue: what is posted, what changes, and what is refused."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comments.models import Comment, Decision
from tests.comments.helpers import QUEUE, make_many, named, page, text, value
from tests.factories import decide, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db


def act(client: Client, action: str, *comments: Comment, query: str = "", **values: Any) -> str:
    """Post an action on comments and return what the page then says."""
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]} | values
    response = client.post(QUEUE + query, data, follow=True)
    assert response.status_code == 200
    return text(page(response))


def status(comment: Comment) -> str:
    """Return the status in which a comment now is."""
    comment.refresh_from_db()
    return comment.status


ACTIONS = [
    (make_comment, "approve", {}, "approved"),
    (make_comment, "reject", {"reason": "insult"}, "rejected"),
    (make_comment, "mark_as_spam", {}, "spam"),
    (make_approved, "remove", {"reason": "hate"}, "removed"),
    (make_approved, "return_to_queue", {}, "pending"),
]


@pytest.mark.parametrize(("make", "action", "values", "target"), ACTIONS)
@pytest.mark.parametrize("seen", [True, False])
def test_each_action_decides(
    moderator_client: Client, moderator: User, make: Any, action: str, values: dict[str, str], target: str, seen: bool
):
    comment = make()
    version = {f"seen_{comment.pk}": comment.version} if seen else {}
    shown = act(moderator_client, action, comment, **values, **version)

    assert status(comment) == target
    decision = comment.decisions.last()
    assert decision is not None
    assert (decision.moderator, decision.reason) == (moderator, values.get("reason", ""))
    assert f"{decision.get_action_display()} » : 1 commentaire." in shown


def test_several_comments_are_decided_at_once(moderator_client: Client):
    comments = [make_comment() for _number in range(3)]

    assert "3 commentaires." in act(moderator_client, "approve", *comments)
    assert [status(comment) for comment in comments] == ["approved"] * 3


@pytest.mark.parametrize("seen", ["1", "3", "0", "-1", "abc", "", " 2", "2.0", "9" * 40, "²", "2\u202f"])
def test_a_stale_or_unreadable_version_is_refused(moderator_client: Client, seen: str):
    colleague = make_user("amina", first_name="Amina", last_name="Diallo")
    comment = decide(make_comment(author_name="Zoé"), "approve", moderator=colleague)
    shown = act(moderator_client, "return_to_queue", comment, **{f"seen_{comment.pk}": seen})

    assert (status(comment), comment.decisions.count()) == ("approved", 1)
    assert "Commentaire de Zoé : Amina Diallo a été plus rapide" in shown


def test_a_status_that_a_colleague_has_changed_is_refused_without_a_version_too(moderator_client: Client):
    comment = decide(make_comment(), "approve", moderator=make_user("amina"))

    assert "amina a été plus rapide" in act(moderator_client, "reject", comment, reason="insult")
    assert status(comment) == "approved"


def test_what_can_be_decided_is_although_the_rest_is_stale(moderator_client: Client):
    stale, fresh = make_approved(), make_comment()
    shown = act(moderator_client, "approve", stale, fresh)

    assert "1 commentaire." in shown
    assert "plus rapide" in shown
    assert status(fresh) == "approved"


def test_an_action_reaches_what_the_filter_does_not_show(moderator_client: Client):
    comment = make_approved()
    act(moderator_client, "remove", comment, query="?status=spam", reason="insult")

    assert status(comment) == "removed"


def test_all_of_a_filter_means_that_filter(moderator_client: Client):
    pending, approved = make_many(3, status="pending"), make_approved()
    act(moderator_client, "mark_as_spam", pending[0], select_across="1", index="0")

    assert [status(comment) for comment in pending] == ["spam"] * 3
    assert status(approved) == "approved"


@pytest.mark.parametrize("across", ["1", "on", "true", "2"])
def test_all_never_means_more_than_the_filter(moderator_client: Client, across: str):
    approved, pending = make_approved(), make_comment()
    query = "?status=pending"
    act(moderator_client, "return_to_queue", pending, query=query, select_across=across, index="0")

    assert status(approved) == "approved"


def test_an_unknown_action_changes_nothing(moderator_client: Client):
    comment = make_comment()
    for action in ("delete_selected", "publish", "", "decide"):
        act(moderator_client, action, comment)

    assert status(comment) == "pending"


@pytest.mark.parametrize("key", ["abc", "", "9" * 30, "-1", "1,2", "\x00"])
def test_a_selection_that_is_none_is_no_fault(moderator_client: Client, key: str):
    response = moderator_client.post(QUEUE, {"action": "approve", "_selected_action": key, "index": "0"})

    assert response.status_code in {200, 302, 400}
    assert not Decision.objects.exists()


# A reason that is missing -----------------------------------------------------------------------


@pytest.mark.parametrize("values", [{}, {"reason": ""}, {"reason": "inconnu"}, {"reason": "other"}])
def test_without_its_reason_a_refusal_asks_for_one(moderator_client: Client, values: dict[str, str]):
    comments = [make_comment(), make_comment()]
    seen = {f"seen_{comment.pk}": "1" for comment in comments}
    keys = [comment.pk for comment in comments]
    response = moderator_client.post(QUEUE, {"action": "reject", "_selected_action": keys} | seen | values)
    tree = page(response)

    assert [status(comment) for comment in comments] == ["pending"] * 2
    chosen = [field.get("value") for field in tree.iter("input") if field.get("name") == "_selected_action"]
    assert sorted(chosen, key=str) == sorted((str(key) for key in keys), key=str)
    assert {name: value(tree, name) for name in seen} == seen
    assert value(tree, "action") == "reject"
    assert named(tree, "reason").tag == "select"


def test_what_was_explained_is_kept(moderator_client: Client):
    typed = {"reason": "", "explanation": 'Une "explication" & <plus>'}
    data = {"action": "reject", "_selected_action": make_comment().pk}
    tree = page(moderator_client.post(QUEUE, data | typed))

    assert value(tree, "explanation") == typed["explanation"]
    assert (named(tree, "explanation").get("maxlength") or "") == "1000"


def test_with_its_reason_the_same_form_decides(moderator_client: Client):
    comment = make_comment()
    data = {"action": "reject", "_selected_action": comment.pk, f"seen_{comment.pk}": "1"}
    tree = page(moderator_client.post(QUEUE, data))
    form = next(form for form in tree.iter("form") if form.get("class") == "reason")
    sent = {str(field.get("name")): field.get("value") or "" for field in form.iter("input") if field.get("name")}
    moderator_client.post(QUEUE, sent | {"reason": "off_topic"})

    assert status(comment) == "rejected"


@pytest.mark.parametrize(
    "explanation", ["e" * 1_001, "avant\x00après", "\ud800"], ids=["too long", "null", "surrogate"]
)
def test_an_explanation_that_cannot_be_kept_is_no_fault(moderator_client: Client, explanation: str):
    data = {"action": "reject", "_selected_action": make_comment().pk, "reason": "insult"}
    sent = data | {"explanation": explanation.encode("utf-8", "replace").decode()}
    response = moderator_client.post(QUEUE, sent)

    assert response.status_code in {200, 302, 400}


def test_what_arrives_while_one_looks_for_a_reason_is_not_decided(moderator_client: Client):
    comments = [make_comment(), make_comment()]
    data = {"action": "reject", "_selected_action": comments[0].pk, "select_across": "1", "index": "0"}
    tree = page(moderator_client.post(QUEUE, data))
    late = make_comment()
    form = next(form for form in tree.iter("form") if form.get("class") == "reason")
    fields = [(field.get("name"), field.get("value")) for field in form.iter("input") if field.get("name")]
    sent: dict[str, list[str]] = {}
    for name, content in fields:
        sent.setdefault(str(name), []).append(content or "")
    moderator_client.post(QUEUE, sent | {"reason": ["off_topic"]})

    assert [status(comment) for comment in comments] == ["rejected"] * 2
    assert status(late) == "pending"
