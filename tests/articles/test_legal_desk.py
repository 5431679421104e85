"""The legal pages at the desk: who writes them, what they still have to say, and what they said before."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import legal
from articles.models import LegalPage
from tests.articles.reading import every, one, parse, text
from tests.factories import logged_in, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/legalpage/"
CONTACT = f"{LIST}contact/change/"
EVERYONE_ELSE = [[], ["Modérateurs"], ["Modération en chef"], ["Rédacteurs"], ["Journalistes"]]


@pytest.fixture
def director(db: None) -> Client:
    """Return a client of a member of «Direction de la publication» and of nothing else."""
    return logged_in(make_user("directrice", groups=["Direction de la publication"]))


def contact() -> LegalPage:
    """Return the version of «Contact» that readers see."""
    version = legal.latest("contact")
    assert version
    return version


def save(client: Client, body: str, replaces: Any = "") -> HttpResponse:
    """Send the form of «Contact»."""
    return client.post(CONTACT, {"body": body, "replaces": replaces})


def errors(response: HttpResponse) -> list[str]:
    """Return the errors of a form that came back."""
    assert response.status_code == 200
    return [str(error) for listed in response.context["adminform"].form.errors.values() for error in listed]  # type: ignore[attr-defined]


def typed(response: HttpResponse, name: str) -> str:
    """Return what a field of a form holds."""
    field = one(parse(response), f".//h:*[@name='{name}']".replace("h:*", "*"))
    return field.get("value") or "".join(field.itertext()).removeprefix("\n")


# Rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", EVERYONE_ELSE)
@pytest.mark.parametrize("path", [LIST, CONTACT, f"{LIST}contact/versions/1/"])
def test_others_are_told_whose_affair_it_is(groups: list[str], path: str) -> None:
    client = logged_in(make_user("autre", groups=groups))
    response = client.get(path)

    assert response.status_code == 403
    assert "l’affaire de la direction de la publication" in text(parse(response))
    assert client.post(CONTACT, {"body": "<p>Un.</p>"}).status_code == 403
    assert contact().number == 1


def test_a_visitor_is_led_to_the_login(client: Client) -> None:
    assert save(client, "<p>Un.</p>")["Location"].startswith("/admin/login/")
    assert contact().number == 1


@pytest.mark.parametrize("who", ["directrice", "superuser"])
def test_no_page_is_added_or_deleted(director: Client, who: str) -> None:
    client = director if who == "directrice" else logged_in(make_user("tout", is_superuser=True))

    assert client.post(f"{LIST}add/", {"body": "<p>Un.</p>", "name": "autre"}).status_code == 404
    assert client.post(f"{LIST}contact/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": contact().pk, "post": "yes"})
    assert LegalPage.objects.count() == 4


def test_who_may_only_read_is_shown_the_page() -> None:
    reader = make_user("lecteur")
    reader.user_permissions.set(Permission.objects.filter(codename="view_legalpage"))
    response = logged_in(reader).get(CONTACT)

    assert "Écrire à la rédaction" in text(parse(response))
    assert every(parse(response), ".//h:textarea") == []
    assert save(logged_in(reader), "<p>Un.</p>").status_code == 403


# Writing -------------------------------------------------------------------------------------------


def test_the_list_shows_the_four_pages_and_what_is_missing(director: Client) -> None:
    legal.publish(name="contact", body="<p>Écrivez-nous.</p>", author=make_user("collegue"))
    page = parse(director.get(LIST))
    rows = [text(row) for row in every(page, ".//h:table[@id='result_list']//h:tbody/h:tr")]

    assert [row[:5] for row in rows] == ["Acces", "Confi", "Conta", "Menti"]
    assert "complète" in rows[2]
    assert "collegue" in rows[2]
    assert "mentions à compléter" in rows[3]
    links = [link.get("href") for link in every(page, ".//h:table[@id='result_list']//h:a")]
    assert CONTACT in links


def test_the_form_begins_from_what_is_online_and_says_what_is_missing(director: Client) -> None:
    response = director.get(CONTACT)

    assert (typed(response, "body"), typed(response, "replaces")) == (contact().body, "1")
    listed = text(one(parse(response), ".//h:div[@class='incomplete']"))
    assert "[à compléter : adresse postale]" in listed
    assert "{conservation}" in text(parse(response))


def test_saving_adds_a_version_that_readers_see(client: Client, director: Client) -> None:
    response = save(director, "<p>Écrivez-nous !</p>\r\n<script>x</script>", 1)

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (contact().number, contact().author.username) == (2, "directrice")
    assert (contact().body, contact().body_html) == (
        "<p>Écrivez-nous !</p>\n<script>x</script>",
        "<p>Écrivez-nous\u202f!</p>",
    )
    assert "Écrivez-nous" in text(parse(client.get("/contact/")))


def test_the_log_leads_to_the_page(director: Client) -> None:
    save(director, "<p>Un.</p>", 1)

    assert director.get(f"/admin/{LogEntry.objects.get().get_admin_url()}".replace("//admin/", "/")).status_code == 200
    assert "Un." in typed(director.get(f"{LIST}{contact().pk}/change/"), "body")


def test_a_colleague_who_was_faster_is_named_and_the_text_is_kept(director: Client) -> None:
    legal.publish(name="contact", body="<p>Le sien.</p>", author=make_user("collegue"))
    response = save(director, "<p>Le mien.</p>", 1)

    [error] = errors(response)
    assert error.startswith("collegue a enregistré la version 2")
    assert typed(response, "body") == "<p>Le mien.</p>"
    assert contact().body == "<p>Le sien.</p>"

    assert save(director, typed(response, "body"), typed(response, "replaces")).status_code == 302
    assert contact().body == "<p>Le mien.</p>"


def test_a_colleague_who_saves_after_the_form_was_checked_is_named_too(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    legal.publish(name="contact", body="<p>Le sien.</p>", author=make_user("collegue"))
    checks, check = [], legal.check_latest

    def blind_once(name: str, number: int | None) -> LegalPage | None:
        checks.append(number)
        return check(name, number if len(checks) > 1 else None)

    monkeypatch.setattr(legal, "check_latest", blind_once)
    response = save(director, "<p>Le mien.</p>", 1)

    assert errors(response)[0].startswith("collegue a enregistré la version 2")
    assert typed(response, "body") == "<p>Le mien.</p>"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "obligatoire"),
        ("   ", "obligatoire"),
        ("<script>alert(1)</script>", "vide une fois nettoyé"),
        ("<p></p>", "vide une fois nettoyé"),
        ("<p>a\0b</p>", "Le caractère"),
        ("a" * 50_001, "dépasse 50000 caractères"),
        ("<ul>" * 200 + "a", "emboîte trop"),
        ("<p>Écrire à {adresse} ou {contact}.</p>", "{adresse}"),
    ],
)
def test_a_text_that_cannot_be_is_refused_with_a_sentence(director: Client, body: str, says: str) -> None:
    [error] = errors(save(director, body, 1))
    assert says in error.replace("\u202f", "").replace("\u00a0", " ")
    assert contact().number == 1


@pytest.mark.parametrize("sign", ["%ED%B2%80", "%26%23xD800;", "%FF", "%EF%BF%BE"])
def test_what_is_no_character_is_no_fault_of_the_server(client: Client, director: Client, sign: str) -> None:
    sent = f"body=%3Cp%3Ea{sign}b%3C/p%3E&replaces=1"
    assert director.post(CONTACT, sent, "application/x-www-form-urlencoded").status_code in {200, 302}
    assert client.get("/contact/").status_code == 200


def test_a_text_that_changes_nothing_is_refused(director: Client) -> None:
    assert "rien n’a changé" in errors(save(director, contact().body, 1))[0]


@pytest.mark.parametrize("replaces", ["abc", "1.5", "9" * 40, "-1"])
def test_a_forged_number_is_no_fault_of_the_server(director: Client, replaces: str) -> None:
    assert errors(save(director, "<p>Un.</p>", replaces))
    assert contact().number == 1


@pytest.mark.parametrize("key", ["rien", "0", "99999999", "9" * 40, "CONTACT", "contact-"])
def test_a_page_that_is_none_is_not_found(director: Client, key: str) -> None:
    assert director.get(f"{LIST}{key}/change/").status_code == 404
    assert director.get(f"{LIST}{key}/versions/1/").status_code == 404


# What they said before -----------------------------------------------------------------------------


def test_every_version_is_kept_and_compared(director: Client) -> None:
    legal.publish(name="contact", body="<p>Écrivez au journal.</p>", author=make_user("collegue"))
    legal.publish(name="contact", body="<p>Téléphonez au journal.</p>", author=None)
    links = [link.get("href") for link in every(parse(director.get(CONTACT)), ".//h:section[@id='versions']//h:a")]
    assert links == [f"{LIST}contact/versions/{number}/" for number in (3, 2, 1)]

    page = parse(director.get(links[1]))
    assert text(every(page, ".//h:ins")[0]) == "Téléphonez"
    assert "par collegue" in text(page)
    assert director.get(f"{LIST}contact/versions/4/").status_code == 404
    assert director.get(f"{LIST}contact/versions/{'9' * 30}/").status_code == 404


def test_the_history_of_a_page_is_its_versions(director: Client) -> None:
    assert director.get(f"{LIST}contact/history/")["Location"] == f"{CONTACT}#versions"


@pytest.mark.parametrize("number", [2, 20])
def test_a_page_of_many_versions_costs_the_same(director: Client, number: int) -> None:
    for one_more in range(number):
        legal.publish(name="contact", body=f"<p>{one_more}.</p>", author=None)
    for path in (LIST, CONTACT):
        director.get(path)
    with CaptureQueriesContext(connection) as listed:
        director.get(LIST)
    with CaptureQueriesContext(connection) as written:
        director.get(CONTACT)
    assert (len(listed), len(written)) == (7, 7)


# The start page ------------------------------------------------------------------------------------


def incomplete(client: Client) -> str | None:
    """Return what the start page says of the legal pages, None for nothing."""
    found = every(parse(client.get("/admin/")), ".//h:section[@class='incomplete']")
    return text(found[0]) if found else None


def test_the_start_page_says_what_is_missing_until_it_is_there(director: Client) -> None:
    assert "Mentions légales 9 mentions à compléter" in (incomplete(director) or "")
    legal.publish(name="contact", body="<p>Écrivez-nous.</p>", author=None)
    assert "Contact" not in (incomplete(director) or "")
    for name in ("mentions-legales", "confidentialite", "accessibilite"):
        legal.publish(name=name, body="<p>Tout est dit.</p>", author=None)
    assert incomplete(director) is None


@pytest.mark.parametrize("groups", EVERYONE_ELSE)
def test_who_cannot_fill_them_in_is_not_bothered(groups: list[str]) -> None:
    assert incomplete(logged_in(make_user("autre", groups=groups))) is None
