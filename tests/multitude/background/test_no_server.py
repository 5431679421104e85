"""A site whose EMAIL_URL names no server of mail: its mail is printed where it is developed, and waits where it is public."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings

from multitude import environment
from multitude.health import Grade, probes
from multitude.mail import delivery, outbox
from multitude.models import OutgoingMail
from tests.factories import logged_in, make_user
from tests.mailserver import MailServer, mailers
from tests.multitude.background.writing import after, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock."""
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False) as clock:
        yield clock


def test_without_a_server_mails_are_printed_where_the_sender_prints(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
):
    console = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    settings.MAILERS = {**mailers(9), "transport": console}

    assert after(write()).status == "sent"
    assert "Subject: Avis" in capsys.readouterr().out


def test_without_a_server_the_mail_of_a_public_site_waits_and_is_printed_nowhere(
    settings: LazySettings, capfd: pytest.CaptureFixture[str], clock: time_machine.Traveller
):
    settings.MAILERS = environment.mailers("MULTITUDE_ESSAI", is_public=True)
    assert probes.mail().grade is Grade.WATCH
    mail = after(write())
    assert (mail.status, mail.attempts, delivery.waits()) == ("waiting", 0, False)
    page = logged_in(make_user("cheffe", is_superuser=True)).get(f"/admin/multitude/outgoingmail/{mail.pk}/change/")
    assert "EMAIL_URL ne nomme aucun serveur" in page.content.decode()
    assert mail.recipient not in "".join(capfd.readouterr())

    clock.shift(timedelta(days=5))
    with MailServer() as server:
        settings.MAILERS = mailers(server.port)
        assert after(mail).status == "sent"
    assert probes.mail().grade is Grade.GOOD


def test_a_mail_that_no_server_was_there_for_is_forgotten_after_thirty_days(
    settings: LazySettings, clock: time_machine.Traveller
):
    settings.MAILERS = environment.mailers("MULTITUDE_ESSAI", is_public=True)
    write()
    clock.shift(outbox.PARKED_KEPT_FOR - timedelta(days=1))
    outbox.forget_old()
    assert OutgoingMail.objects.exists()
    clock.shift(timedelta(days=2))
    outbox.forget_old()
    assert not OutgoingMail.objects.exists()


def test_an_old_mail_that_somebody_has_sent_again_is_not_forgotten_meanwhile(
    settings: LazySettings, clock: time_machine.Traveller
):
    settings.MAILERS = environment.mailers("MULTITUDE_ESSAI", is_public=True)
    mail = write()
    OutgoingMail.objects.update(status=OutgoingMail.Status.PARKED, settled_at=mail.written_at)
    clock.shift(outbox.PARKED_KEPT_FOR - timedelta(hours=1))
    outbox.retry(OutgoingMail.objects.all())
    clock.shift(timedelta(hours=2))
    outbox.forget_old()
    assert OutgoingMail.objects.exists()
