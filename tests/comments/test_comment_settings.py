"""What the newsroom sets about comments: one form, one row, and pages that follow."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from comments import house
from comments.models import CommentSettings
from multitude.models import PurgeEvent
from tests.comments.helpers import QUEUE, by_id, named, page, text
from tests.factories import logged_in, make_article, make_user, set_comments

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/commentsettings/"
FORM = f"{LIST}1/change/"
DEFAULTS = {
    "pause_note": "",
    "closes_after_days": "30",
    "newsroom_name": "La rédaction",
    "digest_minutes": "60",
}


@pytest.fixture
def chief_client(db: None) -> Client:
    """Return a client of a member of «Modération en chef» and of nothing else."""
    return logged_in(make_user("cheffe", groups=["Modération en chef"]))


def shown(client: Client) -> dict[str, str]:
    """Open the form, and return what it would send if nothing were changed."""
    controls = (element for element in page(client.get(FORM)).iter("input") if element.get("name"))
    sent = [one for one in controls if one.get("type") != "checkbox" or one.get("checked") is not None]
    return {str(one.get("name")): one.get("value", "") for one in sent}


def save(client: Client, **values: str) -> HttpResponse:
    """Open the form, change what is said, and send it."""
    return client.post(FORM, shown(client) | values)


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """Return the errors of a form that came back."""
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]


def test_the_list_leads_straight_to_the_form(chief_client: Client):
    response = chief_client.get(LIST, follow=True)

    assert response.redirect_chain == [(FORM, 302)]
    assert "Réglages des commentaires" in text(page(response))


def test_without_a_row_the_form_shows_the_defaults_and_stores_nothing(chief_client: Client):
    tree = page(chief_client.get(FORM))

    assert {name: named(tree, name).get("value", "") for name in DEFAULTS} == DEFAULTS
    assert named(tree, "is_paused").get("checked") is None
    assert not CommentSettings.objects.exists()


def test_what_is_set_is_stored_and_holds(chief_client: Client):
    sent = {"is_paused": "on", "pause_note": "Retour lundi.", "closes_after_days": "7", "digest_minutes": ""}
    response = save(chief_client, **sent, newsroom_name="Le journal")

    assert (response.status_code, response["Location"]) == (302, LIST)
    stored = CommentSettings.objects.values().get()
    assert stored == {
        "id": 1,
        "is_paused": True,
        "pause_note": "Retour lundi.",
        "closes_after_days": 7,
        "newsroom_name": "Le journal",
        "digest_minutes": None,
    }
    assert house.current().pause_note == "Retour lundi."


def test_setting_twice_leaves_one_row(chief_client: Client):
    save(chief_client, closes_after_days="7")
    save(chief_client, closes_after_days="8")

    assert CommentSettings.objects.get().closes_after_days == 8


def test_what_a_colleague_sets_while_one_has_the_form_open_stays_set(chief_client: Client):
    opened = shown(chief_client)
    set_comments(is_paused=True, pause_note="Retour lundi.", closes_after_days=None)
    assert chief_client.post(FORM, opened | {"digest_minutes": "5"}).status_code == 302

    settings = house.stored()
    assert (settings.is_paused, settings.pause_note, settings.closes_after_days) == (True, "Retour lundi.", None)
    assert settings.digest_minutes == 5


def test_what_came_back_with_an_error_still_changes_only_what_was_changed(chief_client: Client):
    response = save(chief_client, digest_minutes="0")
    sent = {name: named(page(response), f"initial-{name}").get("value", "") for name in (*DEFAULTS, "is_paused")}
    set_comments(is_paused=True)
    chief_client.post(FORM, DEFAULTS | {f"initial-{name}": was for name, was in sent.items()} | {"digest_minutes": "5"})

    assert (house.stored().is_paused, house.stored().digest_minutes) == (True, 5)


def test_an_empty_number_of_days_is_never(chief_client: Client):
    save(chief_client, closes_after_days="")

    assert house.current().closes_after_days is None


@pytest.mark.parametrize("days", ["0", "-1", "3651", "99999999999999999999", "1.5", "trente", "١\0"])
def test_a_number_of_days_that_cannot_be_is_refused_with_a_sentence(chief_client: Client, days: str):
    response = save(chief_client, closes_after_days=days, pause_note="Gardée")

    assert list(errors(response)) == ["closes_after_days"]
    assert named(page(response), "pause_note").get("value") == "Gardée"
    assert not CommentSettings.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "Indiquez au moins un jour, ou laissez vide pour ne jamais fermer."),
        ("4000", "Indiquez au plus 3\u202f650 jours, ou laissez vide pour ne jamais fermer."),
    ],
)
def test_the_sentence_says_what_to_do(chief_client: Client, days: str, sentence: str):
    assert errors(save(chief_client, closes_after_days=days))["closes_after_days"] == [sentence]


@pytest.mark.parametrize(
    "values",
    [
        {"digest_minutes": "0"},
        {"digest_minutes": "10081"},
        {"newsroom_name": ""},
        {"newsroom_name": "  \u202e "},
        {"newsroom_name": "x" * 81},
        {"pause_note": "x" * 201},
        {"pause_note": "a\0b"},
    ],
)
def test_what_cannot_be_is_refused(chief_client: Client, values: dict[str, str]):
    assert list(errors(save(chief_client, **values))) == list(values)
    assert not CommentSettings.objects.exists()


def test_readers_see_a_pause_at_once(client: Client, chief_client: Client, in_a_worker: None):
    path = make_article().get_absolute_url()
    client.get(path)
    save(chief_client, is_paused="on", pause_note="<b>Retour lundi.</b>")
    house._current.forget(frozenset({house.KEY}))
    response = client.get(path)

    assert "<b>Retour lundi.</b>" in text(by_id(page(response), "commenter"))
    assert b"<b>Retour" not in response.content


def test_saving_purges_the_pages_that_show_a_form(client: Client, chief_client: Client):
    keys = client.get(make_article().get_absolute_url())["Surrogate-Key"].split()
    save(chief_client)

    assert set(PurgeEvent.objects.latest("pk").keys.split()) & set(keys) == {house.KEY}


def test_looking_stores_nothing(chief_client: Client):
    purges = PurgeEvent.objects.count()
    chief_client.get(FORM, {"is_paused": "on"})

    assert (CommentSettings.objects.count(), PurgeEvent.objects.count()) == (0, purges)


# Rights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [[], ["Modérateurs"], ["Rédacteurs"], ["Direction de la publication"]])
def test_others_set_nothing(groups: list[str]):
    client = logged_in(make_user("autre", groups=groups))

    assert client.get(FORM).status_code == 403
    assert save(client, is_paused="on").status_code == 403
    assert not CommentSettings.objects.exists()


@pytest.mark.parametrize("who", ["chief", "superuser"])
def test_nobody_adds_or_deletes_settings(who: str):
    rights: dict[str, Any] = {"is_superuser": True} if who == "superuser" else {"groups": ["Modération en chef"]}
    client = logged_in(make_user("cheffe", **rights))
    set_comments()

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}add/", DEFAULTS).status_code == 403
    assert client.get(f"{LIST}1/delete/").status_code == 403
    assert client.post(f"{LIST}1/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": "1", "post": "yes"})
    assert CommentSettings.objects.count() == 1


@pytest.mark.parametrize("key", ["2", "0", "abc", "01", "1_2F"])
def test_there_are_no_other_settings(chief_client: Client, key: str):
    response = chief_client.post(f"{LIST}{key}/change/", DEFAULTS | {"is_paused": "on"})

    assert response.status_code == 302
    assert not CommentSettings.objects.exists()


def test_a_visitor_is_led_to_the_login(client: Client):
    for path in (LIST, FORM):
        assert client.get(path)["Location"].startswith("/admin/login/")


def test_the_desk_says_that_the_site_is_paused(moderator_client: Client):
    assert "en pause" not in text(page(moderator_client.get(QUEUE)))
    set_comments(is_paused=True)

    assert "Les commentaires sont en pause sur tout le site." in text(page(moderator_client.get(QUEUE)))
