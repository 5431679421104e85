"""Decisions exported from admin: which, in which files, by whom, and what is said when it cannot be."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.http import FileResponse
from django.test import Client

from comments.desk import export
from comments.models import Charter, Comment, Decision
from tests.comments.helpers import by_id, named, page, text, value
from tests.factories import decide, logged_in, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

EXPORT = "/admin/comments/decision/exporter/"
JOURNAL = "/admin/comments/decision/"
EMAIL, NETWORK = "zoe.secrete@exemple.fr", "192.0.2.77"


@pytest.fixture
def chief() -> User:
    """Return a member of «Modération en chef» and of nothing else."""
    return make_user("cheffe", groups=["Modération en chef"])


@pytest.fixture
def client(chief: User) -> Client:
    """Return the chief's client."""
    return logged_in(chief)


@pytest.fixture
def trusted_client() -> Client:
    """Return a client of a chief who may see personal data."""
    user = make_user("confiance", groups=["Modération en chef"])
    user.user_permissions.set(Permission.objects.filter(codename="view_personal_data"))
    return logged_in(user)


def whole(response: FileResponse) -> bytes:
    """Return all of a file that was answered."""
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def records(client: Client, **values: str) -> list[dict[str, Any]]:
    """Return what an export as JSON tells."""
    return json.loads(whole(client.post(EXPORT, {"format": "json"} | values)))


def rows(client: Client, **values: str) -> list[list[str]]:
    """Return what an export as CSV tells, as a spreadsheet in French reads it."""
    source = whole(client.post(EXPORT, {"format": "csv"} | values)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(source, newline=""), delimiter=";"))


def faults(client: Client, **values: str) -> str:
    """Return what the page says is wrong with a form, which it gives back."""
    response = client.post(EXPORT, {"format": "csv"} | values)
    assert response.status_code == 422
    return text(page(response))


def refused(comment: Comment, at: datetime, **values: Any) -> Decision:
    """Refuse a comment at an instant, and return the decision."""
    with time_machine.travel(at, tick=False):
        decide(comment, "reject", **{"reason": "insult"} | values)
    return comment.decisions.get()


def test_all_that_was_judged_is_told(client: Client, moderator: User):
    article = make_article(headline="Le pont", slug="le-pont")
    comment = make_comment(article, author_name="Zoé", body="Deux\nlignes.", honeypot="x")
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        decide(comment, "reject", moderator=moderator, reason="other", explanation="Hors charte.", seen_version=1)
    [record] = records(client, article="le-pont")

    assert record == {
        "decision": comment.decisions.get().pk,
        "comment": comment.pk,
        "article": "le-pont",
        "headline": "Le pont",
        "action": "reject",
        "action_label": "Refuser",
        "reason": "other",
        "reason_label": "autre motif",
        "explanation": "Hors charte.",
        "from_status": "pending",
        "to_status": "rejected",
        "version": 1,
        "moderator": "moderatrice",
        "rule": "",
        "charter": Charter.objects.order_by("-number").values_list("number", flat=True).first(),
        "decided_at": "2026-07-02T00:30:00+02:00",
        "author_name": "Zoé",
        "body": "Deux\nlignes.",
        "findings": [{"rule": "honeypot", "detail": ""}, {"rule": "first_comment", "detail": ""}],
    }


def test_both_formats_tell_the_same(client: Client):
    decide(make_comment(honeypot="x", body='Un\navis ; « cité » "ainsi"'), "reject", reason="hate")
    [record] = records(client, everything="on")
    headings, row = rows(client, everything="on")

    assert len(headings) == len(row) == len(record)
    told = dict(zip(record, row, strict=True))
    assert told.pop("findings") == "champ piège rempli · premier commentaire de cette personne"
    assert told == {key: "" if value is None else str(value) for key, value in record.items() if key != "findings"}


def test_a_csv_file_is_what_a_spreadsheet_in_french_opens(client: Client):
    decide(make_comment(), "approve")
    source = whole(client.post(EXPORT, {"format": "csv", "everything": "on"}))

    assert source.startswith(b"\xef\xbb\xbfd\xc3\xa9cision;commentaire;article;")
    assert source.endswith(b"\r\n")


def test_criteria_hold_together(client: Client):
    here, there = make_article(), make_article()
    mine = [make_comment(article, author_email=EMAIL) for article in (here, here, there)]
    days = (datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 5, 12, tzinfo=UTC))
    early = refused(mine[0], days[0])
    late = refused(mine[1], days[1])
    elsewhere = refused(mine[2], days[1])
    of_another = refused(make_comment(here), days[1])

    def found(**values: str) -> list[int]:
        return [record["decision"] for record in records(client, **values)]

    assert found(everything="on") == [early.pk, late.pk, elsewhere.pk, of_another.pk]
    assert found(article=str(here.pk)) == [early.pk, late.pk, of_another.pk]
    assert found(author_of=str(mine[2].pk)) == [early.pk, late.pk, elsewhere.pk]
    assert found(author_of=str(mine[2].pk), article=here.slug, since="2026-03-02") == [late.pk]
    assert found(until="2026-03-04") == [early.pk]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        # Paris is an hour ahead of UTC in winter, two in summer; the clocks changed on 29 March and 25 October 2026.
        ("2026-03-29", "2026-03-29", ("2026-03-28T23:00", "2026-03-29T21:59:59")),
        ("2026-10-25", "2026-10-25", ("2026-10-24T22:00", "2026-10-25T22:59:59")),
        ("01/02/2026", "2026-02-02", ("2026-01-31T23:00", "2026-02-02T22:59:59")),
    ],
)
def test_days_are_those_of_paris_both_included(client: Client, since: str, until: str, hours: tuple[str, str]):
    first, last = (datetime.fromisoformat(f"{hour}+00:00") for hour in hours)
    inside = [refused(make_comment(), first).pk, refused(make_comment(), last).pk]
    for at in (first.timestamp() - 1, last.timestamp() + 1):
        refused(make_comment(), datetime.fromtimestamp(at, UTC))

    assert [record["decision"] for record in records(client, since=since, until=until)] == inside


@pytest.mark.parametrize(
    "written",
    ["le-pont", "/articles/le-pont/", "https://journal.exemple/articles/le-pont/?page=2#c12", " le-pont ", "{pk}"],
)
def test_an_article_is_named_by_its_slug_address_or_number(client: Client, written: str):
    article = make_article(slug="le-pont")
    decide(make_comment(article), "approve")
    decide(make_comment(), "approve")

    assert len(records(client, article=written.format(pk=article.pk))) == 1


@pytest.mark.parametrize("written", ["{pk}", "n° {pk}", "https://journal.exemple/articles/x/#c{pk}", "{path}"])
def test_a_comment_is_named_by_its_number_or_an_address(client: Client, written: str):
    comment = decide(make_comment(), "approve")
    path = f"/admin/comments/comment/{comment.pk}/change/"

    assert len(records(client, author_of=written.format(pk=comment.pk, path=path))) == 1


def test_more_than_a_batch_is_told_once_each_in_order(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("comments.evidence.BATCH", 3)
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        decided = [decide(make_comment(), "approve").decisions.get().pk for _number in range(8)]

    assert [record["decision"] for record in records(client, everything="on")] == decided


def test_personal_data_are_told_only_to_those_who_may_see_them(client: Client, trusted_client: Client):
    decide(make_comment(author_email=EMAIL, client_network=NETWORK), "approve")

    assert "author_email" not in records(client, everything="on")[0]
    assert EMAIL not in str(rows(client, everything="on"))
    record = records(trusted_client, everything="on")[0]
    assert (record["author_email"], record["client_network"]) == (EMAIL, NETWORK)
    assert rows(trusted_client, everything="on")[1][-2:] == [EMAIL, NETWORK]


def test_by_email_one_asks_only_if_one_may_see_it(client: Client, trusted_client: Client):
    decide(make_comment(author_email=EMAIL), "approve")
    decide(make_comment(), "approve")

    assert len(records(trusted_client, email=EMAIL.upper())) == 1
    assert client.post(EXPORT, {"format": "csv", "email": EMAIL}).status_code == 403
    assert client.post(EXPORT, {"format": "csv", "email": "", "everything": "on"}).status_code == 403
    assert 'name="email"' not in client.get(EXPORT).content.decode()


def test_who_exported_what_is_kept_without_the_email(trusted_client: Client):
    comment = decide(make_comment(author_email=EMAIL), "approve")
    records(trusted_client, email=EMAIL)
    entry = LogEntry.objects.get()

    assert entry.user.username == "confiance"
    assert " ".join(entry.object_repr.split()) == f"Export JSON (1) : auteur du commentaire n° {comment.pk}"
    assert EMAIL not in str(vars(entry))
    assert trusted_client.get("/admin/").status_code == 200


def test_what_is_not_exported_is_not_noted(client: Client):
    faults(client)
    client.get(EXPORT)

    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Donnez au moins un critère"),
        ({"everything": "on", "since": "2026-01-01"}, "gardez l’un ou l’autre"),
        ({"article": "rien-de-tel"}, "Aucun article n’a ce numéro"),
        ({"article": "9" * 18}, "Aucun article n’a ce numéro"),
        ({"article": "%00<script>"}, "Aucun article n’a ce numéro"),
        ({"article": "x" * 501}, "500 caractères"),
        ({"author_of": "0"}, "Aucun commentaire n’a ce numéro"),
        ({"author_of": "9" * 19}, "Aucun commentaire n’a ce numéro"),
        ({"author_of": "-1; DROP"}, "Aucun commentaire n’a ce numéro"),
        ({"since": "hier"}, "Cette date n’existe pas"),
        ({"since": "2026-02-30"}, "Cette date n’existe pas"),
        ({"since": "0001-01-01"}, "hors de portée"),
        ({"until": "9999-12-31"}, "hors de portée"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "finit avant de commencer"),
        ({"everything": "on", "format": "xls"}, "Choisissez l’un des deux formats"),
        ({"everything": "on", "format": ""}, "Choisissez un format"),
        ({"everything": "on"}, "Aucune décision ne correspond"),
    ],
)
def test_what_cannot_be_exported_is_said_in_french(client: Client, values: dict[str, str], words: str):
    assert words in faults(client, **values)


@pytest.mark.parametrize("email", ["pas un email", "inconnue@exemple.fr"])
def test_an_email_of_nobody_is_said(trusted_client: Client, email: str):
    assert "email" in faults(trusted_client, email=email)


def test_a_person_and_a_comment_of_another_are_said_to_disagree(trusted_client: Client):
    make_comment(author_email=EMAIL)
    other = make_comment()

    assert "n’est pas de cet email" in faults(trusted_client, email=EMAIL, author_of=str(other.pk))


def test_a_person_whose_email_was_dropped_is_said_to_be_lost(client: Client):
    comment = decide(make_comment(), "approve")
    Comment.objects.update(author_email="")

    assert "a été effacé" in faults(client, author_of=str(comment.pk))


def test_what_was_typed_comes_back(client: Client):
    response = client.post(EXPORT, {"article": "rien", "since": "hier", "until": "2026-03-01", "format": "json"})
    tree = page(response)

    assert [value(tree, name) for name in ("article", "since", "until")] == ["rien", "hier", "2026-03-01"]
    assert by_id(tree, "id_format_1").get("checked") is not None
    assert named(tree, "article").get("aria-invalid") == "true"


def test_beyond_what_one_waits_for_the_page_names_the_command(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(export, "MOST", 2)
    for _number in range(3):
        decide(make_comment(), "approve")

    assert "manage.py export_decisions" in faults(client, everything="on")


def test_the_address_fills_the_form_and_exports_nothing(client: Client):
    comment = decide(make_comment(), "approve")
    response = client.get(EXPORT, {"author_of": comment.pk, "everything": "on", "format": "csv", "email": EMAIL})

    assert value(page(response), "author_of") == str(comment.pk)
    assert "attachment" not in response.get("Content-Disposition", "")


def test_the_file_is_for_its_reader_alone_and_has_a_tame_name(client: Client, settings: LazySettings):
    article = make_article(slug="-le-pont-" + "x" * 60)
    comment = decide(make_comment(article), "approve")
    values = {"article": article.slug, "author_of": comment.pk, "since": date(2026, 1, 1), "until": date(2100, 1, 1)}
    response = client.post(EXPORT, {"format": "csv"} | values)

    name = f"decisions-article-{article.pk}-auteur-du-commentaire-{comment.pk}-depuis-2026-01-01-jusqu-a-2100-01-01.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert int(response["Content-Length"]) == len(whole(response))
    assert not list(Path(settings.DATA_DIR).glob("tmp*"))


@pytest.mark.parametrize("groups", [[], ["Modérateurs"], ["Rédacteurs"]])
def test_others_are_refused_by_page_and_by_forged_request(groups: list[str]):
    decide(make_comment(), "approve")
    client = logged_in(make_user("autre", groups=groups))

    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"format": "csv", "everything": "on"}).status_code == 403
    assert "exporter/" not in client.get(JOURNAL).content.decode()


def test_a_visitor_is_led_to_the_login():
    response = Client().post(EXPORT, {"format": "csv", "everything": "on"})

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={EXPORT}")


def test_an_export_needs_the_token_of_the_desk(chief: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chief)

    assert strict.post(EXPORT, {"format": "csv", "everything": "on"}).status_code == 403


def test_the_journal_leads_to_the_export(client: Client):
    links = {link.get("href"): text(link) for link in page(client.get(JOURNAL)).iter("a")}

    assert links[EXPORT] == "Exporter les décisions"
