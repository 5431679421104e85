"""How mail leaves: the server takes it, refuses it, hangs, or goes; nothing is lost, and nothing is sent twice knowingly."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import OperationalError, connection

from multitude.background import housekeeping, processes
from multitude.mail import delivery, outbox, smtp
from multitude.models import OutgoingMail
from multitude.sight import journal
from tests.mailserver import CUT, DRIP, HANG, MailServer, mailers
from tests.multitude.background.writing import after, write
from tests.parallel import together
from tests.servers import free_port

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def test_a_mail_leaves_once_and_what_it_said_is_forgotten(server: MailServer):
    mail = after(write())
    delivery.deliver()

    assert (mail.status, mail.attempts, mail.source, mail.settled_at) == ("sent", 1, None, NOW)
    assert [received.recipients for received in server.received] == [["zoe@exemple.fr"]]


def test_the_oldest_leaves_first(server: MailServer):
    names = ["anne", "bob", "chloe"]
    for name in names:
        write(name)
    assert delivery.deliver() == 3

    assert [received.recipients for received in server.received] == [[f"{name}@exemple.fr"] for name in names]


def test_a_slow_server_is_waited_for(server: MailServer):
    server.delay = 0.05

    assert after(write()).status == "sent"


# It is tried again ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("MAIL", "451 4.3.0 plus tard", "451 4.3.0 plus tard"),
        ("RCPT", "450 4.2.0 liste grise", "450 4.2.0 liste grise"),
        ("DATA", "452 4.3.1 plein", "452 4.3.1 plein"),
        ("TAKEN", "451 4.7.1 plus tard", "451 4.7.1 plus tard"),
        ("MAIL", CUT, "a coupé la connexion"),
        ("DATA", CUT, "a coupé la connexion"),
        ("RCPT", HANG, "ne répond pas à temps"),
    ],
)
def test_what_the_server_does_not_take_now_it_is_asked_again(
    server: MailServer, clock: time_machine.Traveller, step: str, answer: str, reason: str
):
    server.answers[step] = answer
    mail = after(write())
    assert (mail.status, mail.attempts, mail.due_at) == ("waiting", 1, NOW + MINUTE)
    assert reason in mail.reason
    server.answers.clear()
    assert after(mail).status == "waiting"
    clock.shift(MINUTE)

    assert (after(mail).status, mail.reason, len(server.received)) == ("sent", "", 1)


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("HELLO", HANG, "ne répond pas à temps"),
        ("HELLO", CUT, "a coupé la connexion"),
        ("HELLO", "554 5.7.1 pas vous", "554 5.7.1 pas vous"),
        ("EHLO", HANG, "ne répond pas à temps"),
    ],
)
def test_a_server_that_cannot_be_reached_is_asked_once_for_all_that_is_due(
    server: MailServer, clock: time_machine.Traveller, step: str, answer: str, reason: str
):
    server.answers[step] = answer
    mails = [write(name) for name in ("anne", "bob", "chloe")]
    assert delivery.deliver() == 0

    assert server.sessions == 1
    for mail in mails:
        mail.refresh_from_db()
        assert (mail.status, mail.attempts, mail.due_at, mail.is_doubtful) == ("waiting", 1, NOW + MINUTE, False)
        assert reason in mail.reason
    server.answers.clear()
    clock.shift(MINUTE)
    assert delivery.deliver() == 3


def test_a_password_that_is_wrong_parks_nothing(settings: LazySettings, server: MailServer):
    settings.MAILERS = mailers(server.port, username="journal", password="faux")
    server.answers = {"EHLO": "250-ici\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 mot de passe refusé"}
    mail = after(write())

    assert (mail.status, server.sessions) == ("waiting", 1)
    assert "535 5.7.8 mot de passe refusé" in mail.reason


def test_nobody_who_listens_is_a_server_that_cannot_be_reached(settings: LazySettings):
    settings.MAILERS = mailers(free_port())

    assert "refuse la connexion" in after(write()).reason


def test_the_delay_grows_up_to_an_hour():
    minutes = [delivery.delay(attempts) / MINUTE for attempts in (1, 2, 3, 4, 5, 6, 7, 8, 49)]

    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_its_last_attempt_a_mail_is_parked(server: MailServer, caplog: pytest.LogCaptureFixture):
    server.answers["RCPT"] = "450 4.2.0 plus tard"
    mail = write()
    OutgoingMail.objects.update(attempts=delivery.ATTEMPTS - 1)
    mail = after(mail)

    assert (mail.status, mail.settled_at, bool(mail.source)) == ("parked", NOW, True)
    assert "450 4.2.0 plus tard" in mail.reason
    assert "ERROR" in {record.levelname for record in caplog.records}


def test_a_mail_that_is_parked_because_the_server_is_away_is_told_by_its_number(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    acts: list[tuple[str, int]] = []
    monkeypatch.setattr(journal, "act", lambda name, mail: acts.append((name, mail)))
    server.answers["HELLO"] = CUT
    tried = [write(name).pk for name in ("anne", "bob")]
    OutgoingMail.objects.update(attempts=delivery.ATTEMPTS - 1)
    write("chloe")
    delivery.deliver()

    assert acts == [("mail.parked", pk) for pk in tried]
    for pk in tried:
        assert f"Le mail n° {pk} est bloqué après {delivery.ATTEMPTS} essais." in caplog.messages
    assert "Mails à réessayer : 1." in caplog.text


def test_a_mail_that_was_never_tried_leaves_although_a_clock_was_wrong(server: MailServer):
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        mail = write()

    assert after(mail).status == "sent"


def test_a_server_that_answers_a_byte_now_and_then_is_given_up(server: MailServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(smtp, "LONGEST", 0.3)
    server.answers["MAIL"] = DRIP

    assert after(write()).status == "waiting"


# It is refused for good ----------------------------------------------------------------------


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "TAKEN"])
def test_what_is_refused_for_good_is_parked_with_the_servers_words_and_holds_up_nobody(server: MailServer, step: str):
    server.answers[step] = "550 5.1.1 <zoe@exemple.fr> inconnue"
    mail = after(write())
    server.answers.clear()
    other = after(write("bob"))

    assert (mail.status, mail.attempts, other.status) == ("parked", 1, "sent")
    assert "550 5.1.1 <zoe@exemple.fr> inconnue" in mail.reason
    assert after(mail).status == "parked"


def test_no_log_names_anybody(server: MailServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for step, answer in (
        ("RCPT", "550 <zoe@exemple.fr> inconnue"),
        ("RCPT", "450 <zoe@exemple.fr>"),
        ("HELLO", "421 zoe@"),
    ):
        server.answers = {step: answer}
        after(write())

    assert caplog.records
    assert "zoe" not in caplog.text


# Nobody knows whether it arrived -------------------------------------------------------------


@pytest.mark.parametrize("answer", [CUT, HANG])
def test_a_mail_whose_taking_was_never_acknowledged_is_sent_again_and_marked(
    server: MailServer, clock: time_machine.Traveller, answer: str
):
    server.answers["TAKEN"] = answer
    mail = after(write())
    assert (mail.status, mail.is_doubtful) == ("waiting", True)
    server.answers.clear()
    clock.shift(MINUTE)

    assert after(mail).status == "sent"
    assert [received.message_id for received in server.received] == [mail.message_id] * 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_mail_that_was_not_yet_handed_over_is_not_marked(server: MailServer, step: str):
    server.answers[step] = CUT

    assert not after(write()).is_doubtful


def test_what_a_sender_that_is_gone_left_is_taken_up_at_once_and_marked(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    mail = write()
    monkeypatch.setattr(processes, "this_one", lambda: "parti")
    delivery._claimed()
    monkeypatch.undo()
    assert after(mail).status == "sending"
    assert not delivery.waits()
    monkeypatch.setattr(processes, "is_gone", lambda name: name == "parti")
    assert delivery.waits()

    assert (after(mail).status, mail.is_doubtful, mail.attempts) == ("sent", True, 2)


def test_what_a_sender_elsewhere_left_is_taken_up_after_five_minutes(
    server: MailServer, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    mail = write()
    monkeypatch.setattr(processes, "this_one", lambda: "ailleurs.1.1")
    delivery._claimed()
    monkeypatch.undo()
    clock.shift(5 * MINUTE)
    assert after(mail).status == "sending"
    clock.shift(timedelta(seconds=1))

    assert after(mail).status == "sent"


def test_what_has_left_is_not_sent_again_because_it_could_not_be_noted(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    mail = write()

    def away(*args: object) -> None:
        raise OperationalError("la base ne répond pas")

    monkeypatch.setattr(delivery, "_note", away)
    assert after(mail).status == "sending"
    monkeypatch.undo()
    monkeypatch.setattr(processes, "is_gone", lambda name: True)
    assert delivery.waits()

    assert (after(mail).status, len(server.received)) == ("sent", 1)


class Losing:
    """A database that takes the claim of a mail, and whose answer to it, or to the next question, is lost."""

    def __init__(self, statement: str) -> None:
        self._statement, self._is_claimed = statement, False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Do what is asked, and answer as long as one can."""
        answer = execute(sql, *rest)
        self._is_claimed |= sql.startswith("UPDATE")
        if self._is_claimed and sql.startswith(self._statement):
            raise OperationalError("la base ne répond pas")
        return answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE", "SELECT"])
def test_a_mail_whose_claim_nobody_heard_of_is_sent_as_if_it_had_never_been_claimed(server: MailServer, statement: str):
    mail = write()
    with connection.execute_wrapper(Losing(statement)), pytest.raises(OperationalError):
        delivery.deliver()
    assert OutgoingMail.objects.get().status == "sending"
    assert delivery.waits()

    assert (after(mail).status, mail.is_doubtful, mail.attempts) == ("sent", False, 1)


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_nobody_heard_of_takes_no_mail_from_whoever_has_it(
    server: MailServer, clock: time_machine.Traveller
):
    mail = write()
    with connection.execute_wrapper(Losing("UPDATE")), pytest.raises(OperationalError):
        delivery.deliver()
    OutgoingMail.objects.update(claimed_at=NOW + MINUTE, claimed_by="ailleurs.1.1")
    clock.shift(MINUTE)

    assert after(mail).status == "sending"


def test_a_server_that_is_slow_to_say_goodbye_has_the_mail_noted_before(server: MailServer):
    server.answers["QUIT"] = HANG

    assert after(write()).status == "sent"


# Together ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_eight_senders_each_mail_is_sent_by_one(server: MailServer, settings: LazySettings):
    settings.MAILERS = mailers(server.port, timeout=30)
    for number in range(20):
        write(f"lectrice{number}")

    assert sum(together(lambda _number: delivery.deliver())) == 20
    assert sorted(received.recipients[0] for received in server.received) == sorted(
        f"lectrice{number}@exemple.fr" for number in range(20)
    )


def test_a_process_that_is_about_to_end_begins_no_other_mail(server: MailServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(housekeeping, "is_stopping", lambda: True)

    assert after(write()).status == "waiting"


# What is kept --------------------------------------------------------------------------------


def test_what_has_left_is_forgotten_after_a_week_and_what_could_not_after_a_month(
    server: MailServer, clock: time_machine.Traveller
):
    after(write())
    server.answers["RCPT"] = "550 non"
    after(write("bob"))
    for days, kept in ((6, ["zoe", "bob"]), (2, ["bob"]), (21, ["bob"]), (2, [])):
        clock.shift(timedelta(days=days))
        outbox.forget_old()
        found = OutgoingMail.objects.order_by("pk").values_list("recipient", flat=True)
        assert [address.partition("@")[0] for address in found] == kept
