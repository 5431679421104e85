"""The pen's page: what is posted, who may, and that nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comments.models import Comment, Decision
from tests.comments.helpers import QUEUE, named, page, text, value
from tests.factories import decide, logged_in, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db

BODY = "Quel âne, ce maire."
MASKED = "Quel […], ce maire."


def address(comment: Comment) -> str:
    """Return the address of the pen's page of a comment."""
    return f"{QUEUE}{comment.pk}/stylo/"


def send(client: Client, comment: Comment, typed: str = MASKED, **values: Any) -> Any:
    """Send the form as the page that shows this version does."""
    data = {"text": typed, "explanation": "", "seen": str(comment.version)} | values
    return client.post(address(comment), {name: value for name, value in data.items() if value is not None})


def test_the_page_holds_the_text_and_its_version(moderator_client: Client):
    comment = make_comment(body="Un <b>texte</b>.\n\nDeux […].")
    tree = page(moderator_client.get(address(comment)))

    assert value(tree, "text") == comment.body
    assert value(tree, "seen") == "1"
    assert named(tree, "publish").get("value") == "Masquer et publier"


def test_masking_keeps_what_waits_in_the_queue(moderator_client: Client, moderator: User):
    comment = make_comment(body=BODY)
    response = send(moderator_client, comment, explanation="Injure.")
    comment.refresh_from_db()

    assert (response.status_code, response["Location"]) == (302, QUEUE)
    assert (comment.status, comment.body, comment.version) == ("pending", MASKED, 2)
    decision = comment.decisions.get()
    assert (decision.moderator, decision.evidence.body, decision.evidence.explanation) == (moderator, BODY, "Injure.")


def test_masking_and_publishing_are_two_decisions(moderator_client: Client):
    comment = make_comment(body=BODY)
    send(moderator_client, comment, publish="Masquer et publier")
    comment.refresh_from_db()

    assert (comment.status, comment.body, comment.version) == ("approved", MASKED, 3)
    assert [decision.action for decision in comment.decisions.all()] == ["redact", "approve"]


def test_they_are_both_taken_or_neither(moderator_client: Client):
    comment = make_approved(body=BODY)
    response = send(moderator_client, comment, publish="Masquer et publier")
    comment.refresh_from_db()

    assert response.status_code == 409
    assert (comment.body, comment.version) == (BODY, 2)
    assert value(page(response), "text") == MASKED


def test_masking_what_is_public_leads_back_to_it(moderator_client: Client):
    comment = make_approved(body=BODY)

    assert send(moderator_client, comment)["Location"] == f"{QUEUE}{comment.pk}/change/"
    tree = page(moderator_client.get(address(comment)))
    assert [field for field in tree.iter("input") if field.get("name") == "publish"] == []


def test_a_text_that_says_anything_else_comes_back_as_it_was_typed(moderator_client: Client):
    comment = make_comment(body=BODY)
    response = send(moderator_client, comment, "Quel […], ce préfet.", explanation="Pourquoi")
    tree = page(response)

    assert response.status_code == 422
    assert "Seuls des passages remplacés par […] sont admis" in text(tree)
    assert value(tree, "text") == "Quel […], ce préfet."
    assert value(tree, "explanation") == "Pourquoi"
    assert named(tree, "text").get("aria-invalid") == "true"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("seen", ["1", "3", "", "abc", "9" * 40, "²", None])
def test_a_stale_or_unreadable_version_is_refused_and_what_was_typed_kept(moderator_client: Client, seen: str | None):
    comment = decide(make_comment(body=BODY), "approve", moderator=make_user("amina", first_name="Amina"))
    response = send(moderator_client, comment, seen=seen)
    tree = page(response)

    assert response.status_code == 409
    assert "Amina a été plus rapide" in text(tree)
    assert (value(tree, "text"), value(tree, "seen")) == (MASKED, "2")
    comment.refresh_from_db()
    assert comment.body == BODY


@pytest.mark.parametrize(
    "values",
    [{"text": "x" * 15_001}, {"text": "avant\x00après"}, {"explanation": "e" * 1_001}, {"text": None}],
    ids=["too long", "null", "explanation", "nothing"],
)
def test_what_cannot_be_taken_is_no_fault(moderator_client: Client, values: dict[str, Any]):
    assert (
        send(moderator_client, make_comment(body=BODY), **{"typed": values.pop("text", MASKED), **values}).status_code
        == 422
    )
    assert not Decision.objects.exists()


@pytest.mark.parametrize("status", ["rejected", "spam", "removed"])
def test_what_is_decided_otherwise_is_not_masked(moderator_client: Client, status: str):
    comment = make_approved(body=BODY) if status == "removed" else make_comment(body=BODY)
    action = {"rejected": "reject", "spam": "mark_as_spam", "removed": "remove"}[status]
    decide(comment, action, reason="insult")

    assert "On ne masque des passages que" in text(page(moderator_client.get(address(comment))))
    assert send(moderator_client, comment).status_code == 409
    comment.refresh_from_db()
    assert comment.body == BODY


def test_a_moderator_does_not_mask_what_was_passed_on(moderator_client: Client):
    comment = decide(make_comment(body=BODY), "escalate", explanation="Hm.", moderator=make_user("autre"))
    response = send(moderator_client, comment)

    assert "transmis à la direction" in text(page(response))
    assert value(page(response), "text") == MASKED
    comment.refresh_from_db()
    assert comment.body == BODY


def test_who_may_not_decide_does_not_mask(editor_client: Client, client: Client, moderator: User):
    comment = make_comment(body=BODY)
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(moderator)

    for method in ("get", "post"):
        assert getattr(editor_client, method)(address(comment)).status_code == 403
    assert send(editor_client, comment).status_code == 403
    assert send(logged_in(make_user("stagiaire")), comment).status_code == 403
    assert send(client, comment)["Location"].startswith("/admin/login/")
    assert send(careless, comment).status_code == 403
    comment.refresh_from_db()
    assert comment.body == BODY


def test_a_comment_that_is_not_there_is_not_found(moderator_client: Client):
    for key in ("999999", "9" * 40):
        assert moderator_client.get(f"{QUEUE}{key}/stylo/").status_code == 404
    assert moderator_client.put(address(make_comment())).status_code == 405


def test_the_list_leads_to_the_pen_and_offers_it_as_no_action(moderator_client: Client, editor_client: Client):
    waiting, spam = make_comment(), decide(make_comment(), "mark_as_spam")
    tree = page(moderator_client.get(QUEUE, {"status": "all"}))
    links = {link.get("href") for link in tree.iter("a")}

    assert address(waiting) in links
    assert address(spam) not in links
    assert "redact" not in {option.get("value") for option in tree.iter("option")}
    assert address(waiting) not in editor_client.get(QUEUE).content.decode()
    assert address(waiting) in moderator_client.get(f"{QUEUE}{waiting.pk}/change/").content.decode()
    assert address(waiting) not in editor_client.get(f"{QUEUE}{waiting.pk}/change/").content.decode()


@pytest.mark.parametrize("data", [{"action": "redact"}, {"one": "redact.{pk}.1"}])
def test_the_list_masks_nothing_even_when_asked(moderator_client: Client, data: dict[str, str]):
    comment = make_comment(body=BODY)
    posted = {name: part.format(pk=comment.pk) for name, part in data.items()}
    moderator_client.post(QUEUE, posted | {"_selected_action": comment.pk, "text": MASKED, "index": "0"})

    assert not Decision.objects.exists()


def test_rows_say_what_is_masked(moderator_client: Client):
    decide(make_comment(body=BODY), "redact", text=MASKED)

    assert "en attente modéré" in text(page(moderator_client.get(QUEUE)))


def test_the_list_takes_a_redaction_back(moderator_client: Client):
    comment = decide(make_approved(body=BODY), "redact", text=MASKED)
    data = {"action": "undo", "_selected_action": comment.pk, f"seen_{comment.pk}": str(comment.version), "index": "0"}
    moderator_client.post(f"{QUEUE}?status=approved", data)
    comment.refresh_from_db()

    assert (comment.status, comment.body, comment.redacted_at) == ("approved", BODY, None)


def test_one_comes_back_to_one_s_place_in_the_queue(moderator_client: Client):
    comment = make_comment(body=BODY)
    place = "status=suspect&p=apres.1.7&q=d%C3%A9j%C3%A0"
    shown = moderator_client.get(address(comment), headers={"Referer": f"https://exemple.fr{QUEUE}?{place}"})
    response = send(moderator_client, comment, place=value(page(shown), "place"))

    assert response["Location"] == f"{QUEUE}?{place}"


def test_one_comes_back_to_the_list_of_published_ones_from_which_one_came(moderator_client: Client):
    comment = make_approved(body=BODY)
    shown = moderator_client.get(address(comment), headers={"Referer": f"https://exemple.fr{QUEUE}?status=approved"})
    response = send(moderator_client, comment, place=value(page(shown), "place"))

    assert response["Location"] == f"{QUEUE}?status=approved"


@pytest.mark.parametrize(
    "place", ["//ailleurs.example/", "https://ailleurs.example", "x" * 5_000, "&" * 3_000, "%ff%00"]
)
def test_a_forged_place_is_still_in_the_queue(moderator_client: Client, place: str):
    response = send(moderator_client, make_comment(body=BODY), place=place)

    assert response["Location"].split("?")[0] == QUEUE
