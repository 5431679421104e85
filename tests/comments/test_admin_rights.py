"""Who may do what at the desk: moderators decide, editors read, nobody rewrites."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from comments.models import Comment, Decision
from tests.comments.helpers import QUEUE, page, text
from tests.factories import decide, logged_in, make_approved, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

JOURNAL = "/admin/comments/decision/"
ACTIONS = ["approve", "reject", "mark_as_spam", "remove", "return_to_queue"]


@pytest.fixture
def chief_client(db: None) -> Client:
    """Return a client of an account that may do everything."""
    return logged_in(make_user("cheffe", is_superuser=True))


def test_the_groups_have_just_their_rights(moderator: User, editor: User):
    assert moderator.get_all_permissions() == {
        "comments.view_comment",
        "comments.decide_comment",
        "comments.view_decision",
        "articles.view_article",
    }
    assert {right for right in editor.get_all_permissions() if right.startswith("comments.")} == {
        "comments.view_comment"
    }


def test_an_editor_sees_the_queue(editor_client: Client):
    make_comment(author_name="Zoé")

    assert "Zoé" in text(page(editor_client.get(QUEUE)))


def test_an_editor_is_offered_no_action(editor_client: Client):
    make_comment()
    tree = page(editor_client.get(QUEUE))

    assert [element for element in tree.iter("select") if element.get("name") == "action"] == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("make", [make_comment, make_approved])
def test_an_editor_decides_nothing(editor_client: Client, action: str, make):
    comment = make()
    before, decisions = comment.status, Decision.objects.count()
    for extra in ({}, {"index": "0"}, {"select_across": "1", "index": "0"}):
        data = {"action": action, "_selected_action": comment.pk, "reason": "insult"}
        editor_client.post(f"{QUEUE}?status=all", data | extra)

    comment.refresh_from_db()
    assert (comment.status, Decision.objects.count()) == (before, decisions)


@pytest.mark.parametrize("who", ["moderator_client", "editor_client", "chief_client"])
def test_nobody_adds_changes_or_deletes_a_comment(request: pytest.FixtureRequest, who: str):
    client: Client = request.getfixturevalue(who)
    comment = make_comment(body="Le texte d’origine")
    values = {"author_name": "Autre", "body": "Autre", "status": "approved", "post": "yes"}

    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.post(f"{QUEUE}add/", values).status_code == 403
    assert client.post(f"{QUEUE}{comment.pk}/change/", values).status_code == 403
    assert client.get(f"{QUEUE}{comment.pk}/delete/").status_code == 403
    assert client.post(f"{QUEUE}{comment.pk}/delete/", values).status_code == 403
    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("Le texte d’origine", "pending")


@pytest.mark.parametrize("who", ["moderator_client", "chief_client"])
def test_the_journal_of_decisions_is_to_be_read(request: pytest.FixtureRequest, who: str):
    client: Client = request.getfixturevalue(who)
    decide(make_comment(author_name="Zoé"), "reject", reason="insult")
    decision = Decision.objects.get()
    shown = text(page(client.get(JOURNAL)))

    assert "Zoé" in shown
    assert "injure ou diffamation" in shown
    assert client.get(f"{JOURNAL}add/").status_code == 403
    assert client.post(f"{JOURNAL}add/", {"action": "approve"}).status_code == 403
    assert client.post(f"{JOURNAL}{decision.pk}/change/", {"reason": "hate"}).status_code == 403
    assert client.get(f"{JOURNAL}{decision.pk}/delete/").status_code == 403
    assert client.post(f"{JOURNAL}{decision.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(JOURNAL, {"action": "delete_selected", "_selected_action": decision.pk, "post": "yes"})
    assert Decision.objects.get().reason == "insult"


def test_an_editor_does_not_read_the_journal(editor_client: Client):
    assert editor_client.get(JOURNAL).status_code == 403


def test_the_journal_has_filters(moderator_client: Client):
    decide(make_comment(author_name="Zoé"), "reject", reason="insult")
    make_approved(author_name="Tom")

    assert "Tom" not in text(page(moderator_client.get(JOURNAL, {"action__exact": "reject"})))


def test_a_moderator_changes_no_article(moderator_client: Client):
    article = make_article(headline="Un titre")
    path = f"/admin/articles/article/{article.pk}/change/"

    assert moderator_client.get(path).status_code == 200
    assert moderator_client.post(path, {"headline": "Autre"}).status_code == 403
    assert moderator_client.get("/admin/articles/article/add/").status_code == 403


def test_a_visitor_is_led_to_the_login(client: Client):
    response = client.post(QUEUE, {"action": "approve", "_selected_action": make_comment().pk})

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
    assert Comment.objects.get().status == "pending"


def test_staff_without_a_right_see_nothing():
    comment = make_comment()
    client = logged_in(make_user("stagiaire"))

    assert client.get(QUEUE).status_code == 403
    assert client.get(f"{QUEUE}{comment.pk}/change/").status_code == 403


def test_the_right_to_decide_alone_does_not_open_the_queue():
    user = make_user("stagiaire")
    user.user_permissions.set(Permission.objects.filter(codename="decide_comment"))
    comment = make_comment()
    logged_in(user).post(QUEUE, {"action": "approve", "_selected_action": comment.pk})

    comment.refresh_from_db()
    assert comment.status == "pending"


def test_a_decision_needs_the_token_of_the_desk(moderator: User):
    comment = make_comment()
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)

    assert client.post(QUEUE, {"action": "approve", "_selected_action": comment.pk}).status_code == 403
    comment.refresh_from_db()
    assert comment.status == "pending"
