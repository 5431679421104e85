"""When the mail server refuses, hangs or is gone: nothing is lost, nobody is told twice, and a chore says so once."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from comments import notifications
from comments.notifications import NotAllTold
from multitude import housekeeping
from multitude.models import Chore
from tests.factories import make_comment, make_user
from tests.servers import free_port

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
NAMES = ("anne", "bob", "chloe")


@pytest.fixture(autouse=True)
def _something_waits() -> None:
    for name in NAMES:
        make_user(name, groups=["Modérateurs"], email=f"{name}@journal.exemple")
    with time_machine.travel(NOW, tick=False):
        make_comment()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Return what the server raises, by the names of the recipients; changed meanwhile, it changes."""
    errors: dict[str, Exception] = {}
    usual: Callable[..., int] = EmailBackend.send_messages

    def send_messages(self: EmailBackend, messages: list[EmailMessage]) -> int:
        for message in messages:
            if error := errors.get(message.to[0].partition("@")[0]):
                raise error
        return usual(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return errors


def send(minutes: int) -> list[str]:
    """Return who was told so many minutes later."""
    before = len(mail.outbox)
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        notifications.send_digest_if_due()
    return [message.to[0].partition("@")[0] for message in mail.outbox[before:]]


def refused(code: int) -> SMTPRecipientsRefused:
    """Return a server's refusal of an address."""
    return SMTPRecipientsRefused({"bob@journal.exemple": (code, b"non")})


@pytest.mark.parametrize(
    "error", [SMTPServerDisconnected("parti"), TimeoutError("muet"), SMTPDataError(451, b"plus tard")]
)
def test_those_whom_it_failed_are_told_a_minute_later_and_nobody_twice(
    refusing: dict[str, Exception], error: Exception
):
    refusing["bob"] = error
    with pytest.raises(NotAllTold, match=r"destinataires prévenus\s: 2"):
        send(1)
    assert [message.to[0] for message in mail.outbox] == ["anne@journal.exemple", "chloe@journal.exemple"]

    refusing.clear()
    assert send(2) == ["bob"]
    assert send(3) == []


def test_an_address_that_is_not_taken_now_is_tried_again(refusing: dict[str, Exception]):
    refusing["bob"] = refused(450)
    with pytest.raises(NotAllTold):
        send(1)
    refusing.clear()

    assert send(2) == ["bob"]


def test_an_address_that_does_not_exist_waits_for_the_next_digest(
    refusing: dict[str, Exception], caplog: pytest.LogCaptureFixture
):
    refusing["bob"] = refused(550)
    assert send(1) == ["anne", "chloe"]
    assert send(2) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "bob" in caplog.text


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Return the port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def smtp(port: int) -> dict[str, dict[str, object]]:
    """Return the settings of a mail server on this machine."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 0.2}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def test_a_server_that_hangs_is_given_up_and_asked_again(settings: LazySettings, silent_server: int):
    usual, settings.MAILERS = settings.MAILERS, smtp(silent_server)
    with pytest.raises(NotAllTold, match=r"prévenus\s: 0"):
        send(1)
    settings.MAILERS = usual

    assert send(2) == [*NAMES]


def test_a_server_that_is_gone_is_said_and_asked_again(settings: LazySettings):
    usual, settings.MAILERS = settings.MAILERS, smtp(free_port())
    with pytest.raises(CommandError, match="n’est pas parti"):
        call_command("send_digest")
    settings.MAILERS = usual

    assert send(2) == [*NAMES]


def test_a_process_that_dies_while_it_sends_has_one_mail_sent_twice_at_most(refusing: dict[str, Exception]):
    refusing["bob"] = SystemExit()  # type: ignore[assignment]
    with pytest.raises(SystemExit):
        send(1)
    refusing.clear()

    assert send(2) == ["bob", "chloe"]


def test_a_process_that_is_killed_leaves_its_turn_to_another():
    with time_machine.travel(NOW, tick=False):
        assert housekeeping.claim("digest", 300)
    assert send(4) == []
    assert send(5) == [*NAMES]


def test_while_it_sends_its_turn_is_held(monkeypatch: pytest.MonkeyPatch):
    held = []
    monkeypatch.setattr(housekeeping, "hold", held.append)
    send(1)

    assert held == ["digest"] * 3
    assert not Chore.objects.filter(name="digest").exists()


def test_the_chore_of_web_processes_has_a_thread_of_its_own():
    [chore] = [chore for chore in housekeeping._chores if chore.act == notifications.send_digest_if_due]

    assert (chore.thread, chore.seconds) == ("digest", 60)
    assert [each for each in housekeeping._chores if each.thread == "digest"] == [chore]


def test_the_chore_says_so_once_and_when_it_works_again(
    refusing: dict[str, Exception], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(housekeeping, "close_old_connections", lambda: None)
    caplog.set_level(logging.INFO, logger="multitude.housekeeping")
    [chore] = [chore for chore in housekeeping._chores if chore.act == notifications.send_digest_if_due]
    refusing["bob"] = TimeoutError("muet")
    for _minute in range(3):
        housekeeping._do(chore)
    refusing.clear()
    housekeeping._do(chore)

    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
