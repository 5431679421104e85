"""A digest is written into the outbox with who was told: both, or neither; what becomes of the mail is the outbox's matter."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User

from comments import notifications, privacy
from multitude.mail import delivery
from multitude.models import Chore, OutgoingMail
from tests.factories import make_comment, make_user
from tests.mailserver import MailServer, mailers

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
NAMES = ("anne", "bob", "chloe")


@pytest.fixture(autouse=True)
def _something_waits(settings: LazySettings) -> None:
    settings.MAILERS = mailers(9)
    for name in NAMES:
        make_user(name, groups=["Modérateurs"], email=f"{name}@journal.exemple")
    with time_machine.travel(NOW, tick=False):
        make_comment()


def send(minutes: int) -> list[str]:
    """Return for whom a mail was written so many minutes later."""
    before = list(OutgoingMail.objects.values_list("pk", flat=True))
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        number = notifications.send_digest_if_due()
    written = OutgoingMail.objects.exclude(pk__in=before).order_by("pk").values_list("recipient", flat=True)
    assert len(written) == number
    return [address.partition("@")[0] for address in written]


def test_a_digest_that_could_not_be_written_whole_was_told_to_nobody(monkeypatch: pytest.MonkeyPatch):
    usual, turns = notifications.EmailMessage.send, []

    def send_two(mail: notifications.EmailMessage) -> int:
        turns.append(mail)
        if len(turns) == 3:
            raise RuntimeError
        return usual(mail)

    monkeypatch.setattr(notifications.EmailMessage, "send", send_two)
    with pytest.raises(RuntimeError):
        send(1)
    monkeypatch.undo()
    assert not OutgoingMail.objects.exists()
    assert not Chore.objects.filter(name__startswith="digest").exists()

    assert send(2) == [*NAMES]


def test_a_mail_server_that_is_away_has_nobody_told_twice(settings: LazySettings):
    assert send(1) == [*NAMES]
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert delivery.deliver() == 0
    assert send(2) == []
    with MailServer() as server:
        settings.MAILERS = mailers(server.port)
        with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
            assert delivery.deliver() == 3

        assert sorted(mail.recipients[0] for mail in server.received) == [f"{name}@journal.exemple" for name in NAMES]
        assert b"Auto-Submitted: auto-generated" in server.received[0].source


def test_an_account_whose_address_is_none_is_named_and_waits_for_the_next_digest(caplog: pytest.LogCaptureFixture):
    User.objects.filter(username="bob").update(email="b@c.fr\nBcc: d@e.fr")

    assert send(1) == ["anne", "chloe"]
    assert send(2) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "bob" in caplog.text
    assert "d@e.fr" not in caplog.text


def test_another_process_that_told_somebody_meanwhile_has_told_them():
    users = list(User.objects.filter(username__in=NAMES).order_by("pk"))
    mails = [(user, notifications.EmailMessage("Avis", "Texte", to=[user.email])) for user in users]
    Chore.objects.create(name=f"digest {users[0].pk}", claimed_at=NOW)
    Chore.objects.create(name=f"digest {users[1].pk}", claimed_at=NOW)
    known = {users[1].pk: NOW - timedelta(hours=2)}

    assert notifications._tell(mails, known, NOW) == 1
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["chloe@journal.exemple"]


def test_another_process_that_told_everybody_while_this_one_began_has_told_them(monkeypatch: pytest.MonkeyPatch):
    told_at = notifications._told_at
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as clock:

        def after_another() -> dict[int, datetime]:
            monkeypatch.setattr(notifications, "_told_at", told_at)
            clock.shift(timedelta(seconds=1))
            assert notifications.send_digest_if_due() == 3
            return told_at()

        monkeypatch.setattr(notifications, "_told_at", after_another)
        assert notifications.send_digest_if_due() == 0


def test_who_was_told_is_forgotten_with_the_account():
    assert send(1) == [*NAMES]
    bob = User.objects.get(username="bob")
    kept = {f"digest {user.pk}" for user in User.objects.exclude(pk=bob.pk)}
    bob.delete()
    privacy.apply_retention()

    assert set(Chore.objects.filter(name__startswith="digest ").values_list("name", flat=True)) == kept
