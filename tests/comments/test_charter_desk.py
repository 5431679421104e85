"""The charter at the desk: one reads every version and writes the next; none is changed."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpResponse
from django.test import Client

from comments import charter
from comments.models import Charter
from tests.comments.helpers import QUEUE, page, text, value
from tests.factories import decide, logged_in, make_charter, make_comment, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/charter/"
ADD = f"{LIST}add/"


@pytest.fixture(autouse=True)
def _no_charter(db: None) -> None:
    """Begin without any version: the database of a test may have the first one, or not."""
    models.QuerySet(Charter).delete()


@pytest.fixture
def chief_client(db: None) -> Client:
    """Return a client of a member of «Modération en chef» and of nothing else."""
    return logged_in(make_user("cheffe", groups=["Modération en chef"]))


def errors(response: HttpResponse) -> list[str]:
    """Return the errors of a form that came back."""
    assert response.status_code == 200
    return [str(error) for listed in response.context["adminform"].form.errors.values() for error in listed]  # type: ignore[attr-defined]


def test_a_new_version_begins_from_the_text_in_force(chief_client: Client):
    make_charter("<p>Un.</p>")
    make_charter("<p>Deux.</p>")
    tree = page(chief_client.get(ADD))

    assert (value(tree, "body"), value(tree, "replaces")) == ("<p>Deux.</p>", "2")
    assert "Nouvelle version de la charte" in text(tree)


def test_nothing_in_the_address_writes_the_text(chief_client: Client):
    make_charter("<p>Un.</p>")

    assert value(page(chief_client.get(ADD, {"body": "<p>Piège</p>", "replaces": "7"})), "body") == "<p>Un.</p>"


def test_saving_adds_a_version(client: Client, chief_client: Client):
    make_charter("<p>Un.</p>")
    response = chief_client.post(ADD, {"body": "<p>Deux !</p>\r\n<script>x</script>", "replaces": "1"})

    assert (response.status_code, response["Location"]) == (302, LIST)
    version = Charter.objects.first()
    assert (version.number, version.author.username) == (2, "cheffe")
    assert (version.body, version.body_html) == ("<p>Deux !</p>\n<script>x</script>", "<p>Deux\u202f!</p>")
    assert "Deux" in text(page(client.get("/charte/")))
    assert LogEntry.objects.get().object_id == str(version.pk)


def test_the_first_version_of_all_can_be_written(chief_client: Client):
    assert value(page(chief_client.get(ADD)), "replaces") == "0"
    assert chief_client.post(ADD, {"body": "<p>Un.</p>", "replaces": "0"}).status_code == 302
    assert Charter.objects.get().number == 1


def test_a_colleague_who_was_faster_is_named_and_the_text_is_kept(chief_client: Client):
    make_charter("<p>Un.</p>")
    make_charter("<p>Deux.</p>", author=make_user("collegue"))
    response = chief_client.post(ADD, {"body": "<p>Le mien.</p>", "replaces": "1"})

    [error] = errors(response)
    assert error.startswith("collegue a publié la version 2")
    assert value(page(response), "body") == "<p>Le mien.</p>"
    assert Charter.objects.count() == 2

    again = {name: value(page(response), name) for name in ("body", "replaces")}
    assert chief_client.post(ADD, again).status_code == 302
    assert Charter.objects.first().body == "<p>Le mien.</p>"


def test_a_colleague_who_publishes_after_the_form_was_checked_is_named_too(
    chief_client: Client, monkeypatch: pytest.MonkeyPatch
):
    make_charter("<p>Un.</p>")
    make_charter("<p>Deux.</p>", author=make_user("collegue"))
    checks, check = [], charter.check_latest

    def blind_once(number: int | None) -> Charter | None:
        checks.append(number)
        return check(number if len(checks) > 1 else None)

    monkeypatch.setattr(charter, "check_latest", blind_once)
    response = chief_client.post(ADD, {"body": "<p>Le mien.</p>", "replaces": "1"})

    [error] = errors(response)
    assert error.startswith("collegue a publié la version 2")
    assert (value(page(response), "body"), Charter.objects.count()) == ("<p>Le mien.</p>", 2)


@pytest.mark.parametrize(
    "body", ["", "   ", "<script>alert(1)</script>", "<p></p>", "<!-- -->", "a" * 50_001, "<p>a\0b</p>", "<ul>" * 200]
)
def test_a_text_that_cannot_be_is_refused_with_a_sentence(chief_client: Client, body: str):
    assert len(errors(chief_client.post(ADD, {"body": body, "replaces": "0"}))) == 1
    assert not Charter.objects.exists()


def test_a_text_that_changes_nothing_is_refused(chief_client: Client):
    make_charter("<p>Un !</p>")
    response = chief_client.post(ADD, {"body": "<p>Un !</p>", "replaces": "1"})

    assert errors(response) == ["Ce texte est celui de la version en vigueur\u00a0: rien n’a changé."]


@pytest.mark.parametrize("replaces", ["abc", "1.5", "9" * 40, "-1"])
def test_a_forged_number_is_no_fault_of_the_server(chief_client: Client, replaces: str):
    make_charter("<p>Un.</p>")

    assert errors(chief_client.post(ADD, {"body": "<p>Deux.</p>", "replaces": replaces}))
    assert Charter.objects.count() == 1


def test_the_list_shows_number_date_and_author(chief_client: Client):
    make_charter(author=make_user("collegue"))
    shown = text(page(chief_client.get(LIST)))

    assert "Charte des commentaires" in shown
    assert "Nouvelle version" in shown
    assert "collegue" in shown


def test_each_version_can_be_read(chief_client: Client):
    old = make_charter("<p>Un <em>mot</em>.</p>")
    make_charter()
    response = chief_client.get(f"{LIST}{old.pk}/change/")

    assert "<p>Un <em>mot</em>.</p>" in response.content.decode()
    assert "/charte/1/" in [link.get("href") for link in page(response).iter("a")]
    assert list(page(response).iter("textarea")) == []


@pytest.mark.parametrize("who", ["chief", "superuser"])
def test_no_version_is_changed_or_deleted(who: str):
    rights = {"is_superuser": True} if who == "superuser" else {"groups": ["Modération en chef"]}
    client = logged_in(make_user("cheffe", **rights))
    version = make_charter("<p>Un.</p>")
    values = {"body": "<p>Autre.</p>", "number": "7", "post": "yes", "_saveasnew": "1"}

    assert client.post(f"{LIST}{version.pk}/change/", {"body": "<p>Autre.</p>"}).status_code == 403
    assert client.get(f"{LIST}{version.pk}/delete/").status_code == 403
    assert client.post(f"{LIST}{version.pk}/delete/", values).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": version.pk, "post": "yes"})
    client.post(LIST, {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": version.pk, "form-0-body": "x"})
    assert list(Charter.objects.values_list("number", "body")) == [(1, "<p>Un.</p>")]


@pytest.mark.parametrize("groups", [[], ["Modérateurs"], ["Rédacteurs"], ["Direction de la publication"]])
def test_others_write_nothing(groups: list[str]):
    client = logged_in(make_user("autre", groups=groups))

    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"body": "<p>Un.</p>", "replaces": "0"}).status_code == 403
    assert not Charter.objects.exists()


def test_a_visitor_is_led_to_the_login(client: Client):
    assert client.post(ADD, {"body": "<p>Un.</p>"})["Location"].startswith("/admin/login/")
    assert not Charter.objects.exists()


def test_the_history_of_a_comment_tells_the_version_applied(moderator_client: Client):
    make_charter()
    comment = decide(make_comment(), "reject", reason="insult")
    make_charter()
    tree = page(moderator_client.get(f"{QUEUE}{comment.pk}/change/"))

    assert "charte, version 1" in text(tree)
    assert "/charte/1/" in [link.get("href") for link in tree.iter("a")]


def test_who_looks_for_a_reason_finds_the_charter(moderator_client: Client):
    comment = make_comment()
    response = moderator_client.post(QUEUE, {"action": "reject", "_selected_action": comment.pk})

    assert "/charte/" in [link.get("href") for link in page(response).iter("a")]
