"""The outbox in admin: who sees it, what it says of a mail that could not leave, and what one does about it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone

from multitude import clock
from multitude.admin import OutgoingMailAdmin
from multitude.mail import delivery
from multitude.models import OutgoingMail
from tests.factories import logged_in, make_user
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db

LIST = "/admin/multitude/outgoingmail/"


@pytest.fixture
def keeper(db: None) -> User:
    """Return somebody who looks after the mail, and does nothing else."""
    user = make_user("gardienne")
    user.user_permissions.set(Permission.objects.filter(codename="handle_outgoingmail"))
    return user


@pytest.fixture
def client(keeper: User) -> Client:
    """Return her client."""
    return logged_in(keeper)


@pytest.fixture
def parked(server: MailServer) -> OutgoingMail:
    """Return a mail that the server refused for good."""
    server.answers["RCPT"] = "550 5.1.1 <zoe@exemple.fr>: inconnue <b>ici</b>"
    send_mail("Votre mot de passe", "https://journal.exemple/secret-de-zoe", None, ["zoe@exemple.fr"])
    delivery.deliver()
    server.answers.clear()
    return OutgoingMail.objects.get()


def act(client: Client, action: str, *mails: OutgoingMail, **answers: str) -> str:
    """Take an action with mails, and return what is said then."""
    form = {"action": action, "_selected_action": [str(mail.pk) for mail in mails], **answers}
    return client.post(LIST, form, follow=True).content.decode()


def test_what_could_not_leave_is_listed_with_the_servers_words(client: Client, parked: OutgoingMail):
    for path in (LIST, f"{LIST}{parked.pk}/change/"):
        page = client.get(path).content.decode()
        for words in ("bloqué", "zoe@exemple.fr", "550 5.1.1 &lt;zoe@exemple.fr&gt;: inconnue &lt;b&gt;ici&lt;/b&gt;"):
            assert words in page


def test_nobody_reads_what_a_mail_says(client: Client, parked: OutgoingMail):
    for path in (LIST, f"{LIST}{parked.pk}/change/", f"{LIST}{parked.pk}/history/"):
        assert b"secret-de-zoe" not in client.get(path).content


@pytest.mark.parametrize("lookup", ["source__contains", "source__startswith", "source", "message_id__startswith"])
def test_nobody_finds_out_what_a_mail_says_by_narrowing_the_list(client: Client, parked: OutgoingMail, lookup: str):
    for value in ("secret-de-zoe", "absent"):
        assert client.get(LIST, {lookup: value}).status_code == 400


@pytest.mark.parametrize("groups", [["Modérateurs"], ["Modération en chef"], ["Rédacteurs"]])
def test_others_of_the_house_see_no_address(parked: OutgoingMail, groups: list[str]):
    client = logged_in(make_user("autre", groups=groups))
    form = {"action": "give_up", "_selected_action": [str(parked.pk)]}

    assert client.get(LIST).status_code == client.get(f"{LIST}{parked.pk}/change/").status_code == 403
    assert client.post(LIST, form).status_code == 403
    assert "outgoingmail" not in client.get("/admin/").content.decode()


def test_what_has_left_is_looked_for_apart(client: Client, parked: OutgoingMail):
    send_mail("Autre", "Texte", None, ["bob@exemple.fr"])
    delivery.deliver()

    def shown(query: str = "") -> list[bool]:
        page = client.get(f"{LIST}{query}").content.decode()
        return [f"{name}@exemple.fr" in page for name in ("zoe", "bob")]

    assert shown() == [True, False]
    assert shown("?status=sent") == [False, True]
    assert shown("?status=all") == [True, True]
    assert shown("?status=all&q=BOB@exemple.fr") == [False, True]


def test_a_mail_that_is_retried_leaves(client: Client, parked: OutgoingMail, server: MailServer):
    assert "1 mail va repartir." in act(client, "retry", parked)
    delivery.deliver()
    parked.refresh_from_db()

    assert (parked.status, parked.attempts) == ("sent", 1)
    assert [mail.recipients for mail in server.received] == [["zoe@exemple.fr"]]


def test_a_mail_that_is_given_up_is_sent_no_more_and_forgets_what_it_said(
    client: Client, parked: OutgoingMail, server: MailServer
):
    OutgoingMail.objects.update(status="waiting", settled_at=None, due_at=timezone.now() - timedelta(days=1))
    assert "1 mail est abandonné." in act(client, "give_up", parked, confirmed="yes")
    assert delivery.deliver() == 0
    parked.refresh_from_db()

    assert (parked.status, parked.source) == ("dropped", None)
    assert "Aucun de ces mails n’attend" in act(client, "retry", parked)


def test_before_mails_are_given_up_one_is_told_how_many_and_whose(client: Client, parked: OutgoingMail):
    other = OutgoingMail.objects.create(recipient="bob@exemple.fr", source=b"Texte")
    page = act(client, "give_up", parked, other)

    assert "2 mails ne partiront plus" in page
    assert "zoe@exemple.fr" in page
    assert "bob@exemple.fr" in page
    assert OutgoingMail.objects.filter(source=None).count() == 0
    assert "2 mails sont abandonnés." in act(client, "give_up", parked, other, confirmed="yes")


def test_what_waits_for_nobody_s_decision_needs_no_confirmation(client: Client, parked: OutgoingMail):
    OutgoingMail.objects.update(status="sending", settled_at=None, claimed_at=timezone.now())
    assert "Aucun de ces mails n’attend" in act(client, "give_up", parked)


def test_a_parked_mail_is_acted_on_from_its_own_page(keeper: User, parked: OutgoingMail):
    own = f"{LIST}{parked.pk}/change/"
    client = Client(enforce_csrf_checks=True)
    client.force_login(keeper)
    page = client.get(own).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', page))
    offered = re.findall(r'formaction="([^"]+)" name="action" value="(\w+)"', page)

    assert offered == [(LIST, "retry"), (LIST, "give_up")]
    assert client.post(LIST, {"_selected_action": fields["_selected_action"], "action": "retry"}).status_code == 403
    asked = client.post(LIST, fields | {"action": "give_up"}).content.decode()
    assert "1 mail ne partira plus" in asked
    answer = client.post(LIST, fields | {"action": "retry"}, follow=True).content.decode()
    assert "1 mail va repartir." in answer
    assert "formaction" not in client.get(own).content.decode()


@pytest.mark.parametrize("status", OutgoingMail.Status)
def test_what_there_is_not_is_a_dash(client: Client, status: str):
    at_rest = status not in {"waiting", "sending"}
    mail = OutgoingMail.objects.create(
        status=status,
        source=None if status in {"sent", "dropped"} else b"Texte",
        settled_at=timezone.now() if at_rest else None,
        claimed_at=timezone.now() if status == "sending" else None,
    )
    page = client.get(f"{LIST}{mail.pk}/change/").content.decode()

    assert "None" not in page
    assert "—" in page


@pytest.mark.parametrize(
    ("hours", "attempts", "told"),
    [
        (1, 0, "0 essai, le prochain à 13\N{NARROW NO-BREAK SPACE}h\N{NARROW NO-BREAK SPACE}00"),
        (13, 1, "1 essai, le prochain le 2 mars 2026 à 1\N{NARROW NO-BREAK SPACE}h\N{NARROW NO-BREAK SPACE}00"),
    ],
)
def test_the_next_try_is_told_with_its_day_where_that_is_another(
    monkeypatch: pytest.MonkeyPatch, hours: int, attempts: int, told: str
):
    noon = datetime(2026, 3, 1, 11, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    mail = OutgoingMail(due_at=noon + timedelta(hours=hours), attempts=attempts)
    assert OutgoingMailAdmin(OutgoingMail, site).tries(mail) == told


def test_the_log_says_who_did_what_and_names_nobody_else(client: Client, keeper: User, parked: OutgoingMail):
    act(client, "retry", parked)
    [entry] = LogEntry.objects.all()

    assert (entry.user, entry.object_repr) == (keeper, f"Mail n° {parked.pk}")
    assert "zoe" not in entry.object_repr + entry.change_message


def test_nothing_is_added_changed_or_deleted_by_hand(parked: OutgoingMail):
    client = logged_in(make_user("cheffe", is_superuser=True))
    parked_page = f"{LIST}{parked.pk}/"

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{parked_page}change/", {"recipient": "a@b.fr"}).status_code == 403
    assert client.post(f"{parked_page}delete/", {"post": "yes"}).status_code == 403
    parked.refresh_from_db()
    assert parked.recipient == "zoe@exemple.fr"


def test_the_librarys_own_pages_are_not_there():
    client = logged_in(make_user("cheffe", is_superuser=True))

    assert client.get("/admin/django_tasks_database/dbtaskresult/").status_code == 404
