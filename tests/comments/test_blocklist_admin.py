"""Watched terms in the admin: who sees and changes which, and what is typed wrongly."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client

from comments import blocklist
from comments.models import BlockedTerm
from multitude.models import PurgeEvent
from tests.comments.helpers import noticed, page, text
from tests.factories import logged_in, make_comment, make_user

pytestmark = pytest.mark.django_db

TERMS = "/admin/comments/blockedterm/"
ADD = f"{TERMS}add/"
EMAIL, NETWORK = "zoe.secrete@exemple.fr", "192.0.2.77"


@pytest.fixture
def chief(db: None) -> User:
    """Return a member of «Modération en chef», who sees no personal data."""
    return make_user("cheffe", groups=["Modération en chef"])


@pytest.fixture
def chief_client(chief: User) -> Client:
    """Return a client of hers."""
    return logged_in(chief)


@pytest.fixture
def trusted_client(db: None) -> Client:
    """Return a client of one who sees personal data too."""
    user = make_user("confiance", groups=["Modération en chef"])
    user.user_permissions.set(Permission.objects.filter(codename="view_personal_data"))
    return logged_in(user)


@pytest.fixture
def terms(db: None) -> dict[str, BlockedTerm]:
    """Return a term of each kind."""
    values = {"word": "arnaque", "domain": "arnaque.fr", "email": EMAIL, "network": NETWORK}
    return {kind: blocklist.add(kind=kind, values=[value], added_by=None)[0] for kind, value in values.items()}


def add(client: Client, values: str, kind: str = "word", **others: Any) -> HttpResponse:
    """Send the form that adds terms."""
    return client.post(ADD, {"kind": kind, "values": values, "note": ""} | others, follow=True)


def change(client: Client, term: BlockedTerm, **values: str) -> HttpResponse:
    """Send the form that changes a term."""
    return client.post(f"{TERMS}{term.pk}/change/", {"value": term.value, "note": ""} | values, follow=True)


def listed(**values: Any) -> list[str]:
    """Return the watched terms."""
    return list(BlockedTerm.objects.filter(**values).order_by("pk").values_list("value", flat=True))


def test_a_term_is_added_and_it_is_known_who_did(chief_client: Client, chief: User):
    add(chief_client, " Arnaque ", note="vu partout")

    term = BlockedTerm.objects.get()
    assert (term.value, term.key, term.note, term.added_by) == ("Arnaque", "arnaqu", "vu partout", chief)
    assert LogEntry.objects.get().object_repr == "Arnaque"
    assert PurgeEvent.objects.filter(keys=blocklist.KEY).exists()
    assert noticed(make_comment(body="Des arnaques")) == ["blocked_word"]


def test_many_are_added_at_once_each_on_its_line(chief_client: Client):
    blocklist.add(kind="word", values=["casino"], added_by=None)
    shown = text(page(add(chief_client, "arnaque\r\n\r\n  loterie \r\nARNAQUES\r\ncasinos\r\n")))

    assert listed() == ["casino", "ARNAQUES", "loterie"]
    assert "Et 1 autre terme." in shown
    assert "1 était déjà surveillé" in shown
    assert sorted(LogEntry.objects.values_list("object_repr", flat=True)) == ["ARNAQUES", "loterie"]


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("word", "", "Écrivez au moins un terme."),
        ("word", "…", "au moins deux lettres"),
        ("word", "x" * 255, "dépasse 254 caractères"),
        ("word", "\n".join(f"mot{number}" for number in range(1_001)), "mille termes au plus"),
        ("domain", "exemple", "un domaine comme exemple.fr"),
        ("domain", "exemple.fr\nn’importe quoi", "« n’importe quoi »"),
        ("domain", "\n".join(f"faux{number}" for number in range(30)), "Et 20 autres lignes."),
        ("autre", "arnaque", "autre"),
        ("", "arnaque", "Ce champ est obligatoire"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(chief_client: Client, kind: str, values: str, sentence: str):
    response = add(chief_client, values, kind)
    shown = text(page(response))

    assert response.status_code == 200
    assert sentence in shown
    assert values.split("\n")[-1] in shown
    assert listed() == []


@pytest.mark.parametrize(("kind", "again"), [("word", "ARNAQUÉE"), ("domain", "https://www.arnaque.fr/")])
def test_what_is_watched_already_is_refused(chief_client: Client, terms: dict[str, BlockedTerm], kind: str, again: str):
    assert "Ce terme est déjà surveillé." in text(page(add(chief_client, again, kind)))
    assert listed(kind=kind) == [terms[kind].value]


def test_a_term_is_changed_with_its_key_and_keeps_its_count(chief_client: Client, terms: dict[str, BlockedTerm]):
    BlockedTerm.objects.update(match_count=7)
    change(chief_client, terms["word"], value="Casinos", note="plutôt", kind="domain", match_count="0", key="x")

    term = BlockedTerm.objects.get(pk=terms["word"].pk)
    assert (term.kind, term.value, term.key, term.note, term.match_count) == ("word", "Casinos", "casino", "plutôt", 7)
    assert noticed(make_comment(body="Une arnaque au casino")) == ["blocked_word"]


@pytest.mark.parametrize(
    ("value", "sentence"), [("casino", "déjà surveillé"), ("", "obligatoire"), ("!", "deux lettres")]
)
def test_a_change_that_cannot_be_is_refused(
    chief_client: Client, terms: dict[str, BlockedTerm], value: str, sentence: str
):
    blocklist.add(kind="word", values=["casinos"], added_by=None)

    assert sentence in text(page(change(chief_client, terms["word"], value=value)))
    assert listed(kind="word") == ["arnaque", "casinos"]


def test_a_term_is_deleted_from_its_page_and_from_the_list(chief_client: Client, terms: dict[str, BlockedTerm]):
    chief_client.post(f"{TERMS}{terms['word'].pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": terms["domain"].pk, "post": "yes"}
    chief_client.post(TERMS, chosen)

    assert listed() == [EMAIL, NETWORK]
    assert noticed(make_comment(body="Une arnaque")) == []
    assert PurgeEvent.objects.filter(keys=blocklist.KEY).count() == 6


def test_the_list_says_how_often_and_when_a_term_matched(chief_client: Client, terms: dict[str, BlockedTerm]):
    for _number in range(3):
        make_comment(body="Une arnaque")
    [row] = [
        row
        for row in page(chief_client.get(TERMS)).iter("tr")
        if "arnaque.fr" not in text(row) and "arnaque" in text(row)
    ]
    cells = {cell.get("class"): text(cell) for cell in row.iter("td")}

    assert cells["field-match_count"] == "3"
    assert cells["field-last_matched_at nowrap"] != "-"


def test_one_can_search_and_filter(chief_client: Client, terms: dict[str, BlockedTerm]):
    assert "arnaque.fr" in text(page(chief_client.get(TERMS, {"q": "arnaque.f"})))
    assert "arnaque.fr" not in text(page(chief_client.get(TERMS, {"kind": "word"})))
    assert chief_client.get(TERMS, {"kind": "inconnu"}).status_code in {200, 302}


# Rights ------------------------------------------------------------------------------------------


def test_moderators_and_editors_have_no_access(
    moderator_client: Client, editor_client: Client, terms: dict[str, BlockedTerm]
):
    for client in (moderator_client, editor_client):
        for path in (TERMS, ADD, f"{TERMS}{terms['word'].pk}/change/", f"{TERMS}{terms['word'].pk}/delete/"):
            assert client.get(path).status_code == 403
            assert client.post(path, {"kind": "word", "values": "x y", "value": "zz", "post": "yes"}).status_code == 403
        client.post(TERMS, {"action": "delete_selected", "_selected_action": terms["word"].pk, "post": "yes"})
    assert listed() == ["arnaque", "arnaque.fr", EMAIL, NETWORK]


@pytest.mark.parametrize(
    "query", [{}, {"q": "secrete"}, {"kind": "email"}, {"kind": "network"}, {"kind__exact": "email"}, {"q": NETWORK}]
)
def test_emails_and_networks_are_not_listed_for_who_may_not_see_them(
    chief_client: Client, terms: dict[str, BlockedTerm], query: dict[str, str]
):
    source = (
        chief_client.get(TERMS, query, follow=True)
        .content.decode()
        .replace('value="secrete"', "")
        .replace(f'value="{NETWORK}"', "")
    )

    assert "zoe.secrete" not in source
    assert f">{NETWORK}<" not in source


@pytest.mark.parametrize("lookup", ["value__startswith", "key__startswith", "value__regex"])
def test_filtering_is_no_oracle(chief_client: Client, terms: dict[str, BlockedTerm], lookup: str):
    answers = [text(page(chief_client.get(TERMS, {lookup: typed}, follow=True))) for typed in ("zoe", "zzz")]

    assert answers[0] == answers[1]


@pytest.mark.parametrize("kind", ["email", "network"])
def test_a_forged_request_neither_opens_changes_nor_deletes_them(
    chief_client: Client, terms: dict[str, BlockedTerm], kind: str
):
    term = terms[kind]
    for path in ("change", "delete", "history"):
        response = chief_client.get(f"{TERMS}{term.pk}/{path}/", follow=True)
        assert term.value not in response.content.decode()
    change(chief_client, term, value="198.51.100.1" if kind == "network" else "autre@exemple.fr")
    chief_client.post(f"{TERMS}{term.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": term.pk, "post": "yes", "select_across": "1"}
    chief_client.post(TERMS, chosen)

    assert listed(kind=kind) == [term.value]


@pytest.mark.parametrize(("kind", "value"), [("email", EMAIL), ("email", "x@exemple.fr"), ("network", "198.51.100.1")])
def test_a_forged_request_adds_none_and_tells_nothing(
    chief_client: Client, terms: dict[str, BlockedTerm], kind: str, value: str
):
    shown = text(page(add(chief_client, value, kind)))

    assert "déjà surveillé" not in shown
    assert "Sélectionnez un choix valide" in shown
    assert listed(kind=kind) == [terms[kind].value]


def test_the_choice_of_kinds_is_of_those_that_one_sees(chief_client: Client, trusted_client: Client):
    kinds = [
        [option.get("value") for option in page(client.get(ADD)).iter("option")]
        for client in (chief_client, trusted_client)
    ]

    assert kinds == [["word", "domain"], ["word", "domain", "email", "network"]]


def test_who_may_see_them_lists_finds_adds_and_deletes_them(trusted_client: Client, terms: dict[str, BlockedTerm]):
    assert EMAIL in trusted_client.get(TERMS, {"q": "secrete"}).content.decode()
    assert NETWORK in trusted_client.get(TERMS, {"kind": "network"}).content.decode()
    add(trusted_client, "autre@exemple.fr", "email")
    trusted_client.post(f"{TERMS}{terms['email'].pk}/delete/", {"post": "yes"})

    assert listed(kind="email") == ["autre@exemple.fr"]


def test_the_log_of_the_admin_names_no_email_and_no_network(trusted_client: Client, terms: dict[str, BlockedTerm]):
    add(trusted_client, "autre@exemple.fr\ntroisieme@exemple.fr", "email")
    change(trusted_client, terms["email"], note="vu")
    for kind in ("email", "network"):
        trusted_client.post(f"{TERMS}{terms[kind].pk}/delete/", {"post": "yes"})

    logged = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(logged) == 5
    assert not any(secret in line for line in logged for secret in ("exemple", "192"))


def test_what_a_finding_shows_at_the_desk_names_neither(moderator_client: Client, terms: dict[str, BlockedTerm]):
    make_comment(author_email=EMAIL, client_network=NETWORK, body="Une arnaque, sur arnaque.fr")
    source = moderator_client.get("/admin/comments/comment/", {"status": "suspect"}).content.decode()

    for words in (
        "mot surveillé\u00a0: arnaque",
        "domaine surveillé\u00a0: arnaque.fr",
        "email surveillé",
        "adresse réseau surveillée",
    ):
        assert words in source
    assert "secrete" not in source
    assert NETWORK not in source
