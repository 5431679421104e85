"""The e-mail and the network are seen at the desk by those with `view_personal_data` alone."""

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import QUEUE, page, text
from tests.factories import decide, make_comment, make_user

pytestmark = pytest.mark.django_db

EMAIL, NETWORK = "zoe.secrete@exemple.fr", "192.0.2.77"


@pytest.fixture
def comment(db: None) -> Comment:
    """Return a comment of somebody whose e-mail is a secret, decided and back in the queue."""
    first = make_comment(author_name="Zoé", author_email=EMAIL, client_network=NETWORK)
    return decide(decide(first, "reject", reason="insult"), "return_to_queue")


@pytest.fixture
def trusted_client(db: None) -> Client:
    """Return a client of a moderator who may see personal data."""
    user = make_user("confiance", groups=["Modérateurs"])
    user.user_permissions.set(Permission.objects.filter(codename="view_personal_data"))
    client = Client()
    client.force_login(user)
    return client


def is_listed(response: HttpResponse) -> bool:
    """Return whether the comment stands in a list that was asked for, or the list was refused."""
    assert response.status_code in {200, 302, 400, 403}
    return response.status_code == 200 and "Zoé" in text(page(response))


def pages(comment: Comment) -> list[str]:
    """Return the pages of the desk that concern a comment."""
    detail = f"{QUEUE}{comment.pk}"
    journal = "/admin/comments/decision/"
    decision = comment.decisions.first()
    assert decision is not None
    return [QUEUE, f"{QUEUE}?status=all", f"{detail}/change/", journal, f"{journal}{decision.pk}/change/", "/admin/"]


def test_a_plain_moderator_sees_neither(moderator_client: Client, comment: Comment):
    for path in pages(comment):
        source = moderator_client.get(path).content.decode()
        assert "secrete" not in source, path
        assert NETWORK not in source, path


def test_an_editor_sees_neither(editor_client: Client, comment: Comment):
    for path in pages(comment):
        source = editor_client.get(path).content.decode()
        assert "secrete" not in source, path
        assert NETWORK not in source, path


def test_no_page_of_the_desk_shows_a_digest(trusted_client: Client, comment: Comment):
    for path in pages(comment):
        assert str(comment.submission_digest) not in trusted_client.get(path).content.decode()


def test_the_form_that_asks_for_a_reason_shows_neither(moderator_client: Client, comment: Comment):
    response = moderator_client.post(QUEUE, {"action": "reject", "_selected_action": comment.pk})

    assert "Zoé" in response.content.decode()
    assert "secrete" not in response.content.decode()


def test_one_who_may_see_it_sees_the_email_in_the_list(trusted_client: Client, comment: Comment):
    assert EMAIL in trusted_client.get(QUEUE).content.decode()


def test_one_who_may_see_them_sees_both_in_the_detail(trusted_client: Client, comment: Comment):
    shown = text(page(trusted_client.get(f"{QUEUE}{comment.pk}/change/")))

    assert EMAIL in shown
    assert NETWORK in shown


def test_one_who_may_see_the_email_may_search_it(trusted_client: Client, comment: Comment):
    assert is_listed(trusted_client.get(QUEUE, {"q": "secrete"}))


@pytest.mark.parametrize("words", ["secrete", EMAIL, "zoe.", NETWORK])
def test_a_plain_moderator_finds_nothing_by_searching(moderator_client: Client, comment: Comment, words: str):
    assert not is_listed(moderator_client.get(QUEUE, {"q": words}))


@pytest.mark.parametrize(
    "lookup",
    [
        "author_email",
        "author_email__startswith",
        "author_email__regex",
        "client_network",
        "client_network__startswith",
        "submission_digest__startswith",
        "follow_up_key__startswith",
    ],
)
def test_a_plain_moderator_learns_nothing_by_filtering(moderator_client: Client, comment: Comment, lookup: str):
    secret = str(getattr(comment, lookup.split("__")[0]))
    right = moderator_client.get(QUEUE, {lookup: secret[:9] if "__" in lookup else secret})
    wrong = moderator_client.get(QUEUE, {lookup: "zzz"})

    assert is_listed(right) == is_listed(wrong)


@pytest.mark.parametrize("lookup", ["comment__author_email__startswith", "comment__client_network"])
def test_a_plain_moderator_learns_nothing_from_the_journal(moderator_client: Client, comment: Comment, lookup: str):
    answers = {
        moderator_client.get("/admin/comments/decision/", {lookup: typed}).status_code
        for typed in (EMAIL, NETWORK, "z")
    }

    assert len(answers) == 1
    assert answers <= {302, 400}


def test_ordering_by_a_hidden_column_is_no_oracle(moderator_client: Client):
    names = ["Tom", "Zoé", "Ève"]
    for name, email in zip(names, ("c@exemple.fr", "a@exemple.fr", "b@exemple.fr"), strict=True):
        make_comment(author_name=name, author_email=email)
    for order in ("1", "2", "3", "4", "5", "6", "-3"):
        shown = text(page(moderator_client.get(QUEUE, {"o": order})))
        assert sorted(names, key=shown.index) in (names, names[::-1])
