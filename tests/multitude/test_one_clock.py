"""What several machines compare with each other goes by one clock, and a clock that was wrong holds nobody up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import connection

from multitude import clock
from multitude.accounts import factors, record, throttle
from multitude.background import processes
from multitude.mail import delivery
from multitude.models import AccountEvent, Heartbeat, OutgoingMail, Tries
from tests.mailserver import MailServer, mailers
from tests.multitude.accounts.entering import code_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
HERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def _compared() -> Iterator[None]:
    """Believe this machine's clock again afterwards."""
    yield
    clock._behind = timedelta()


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    """Return a server that takes no mail."""
    with MailServer() as server:
        settings.MAILERS = mailers(server.port)
        yield server


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_whatever_several_machines_compare_is_told_by_one_clock(
    settings: LazySettings, editor: User, wrong_by: timedelta
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "multitude.mail.outbox.Outbox"}}
    right = datetime.now(UTC)
    with time_machine.travel(right + wrong_by, tick=True):
        # As the timer does first, and a worker every ten seconds.
        call_command("chores", verbosity=0)
        send_mail("Avis", "Un texte.", None, ["zoe@exemple.fr"])
        [mail] = OutgoingMail.objects.all()
        claimed = delivery._claimed()
        assert claimed
        assert claimed.claimed_at
        assert not processes.has_left("ailleurs.1.1", claimed.claimed_at)
        record.note(record.Kind.LOGIN, editor)
        for _ in range(throttle.BOTH.free):
            throttle.count("password", "redaction", HERE)
    told = [mail.due_at, claimed.claimed_at, Heartbeat.objects.get().seen_at, AccountEvent.objects.get().at]
    told += Tries.objects.values_list("last_at", flat=True)
    assert max(abs(at - right) for at in told) < timedelta(minutes=1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_a_code_is_right_at_the_right_time_on_a_machine_whose_clock_is_wrong(wrong_by: timedelta) -> None:
    secret, right = factors.new_secret(), datetime.now(UTC)
    code = code_of(secret)
    with time_machine.travel(right + wrong_by, tick=True):
        assert factors._counter(secret, code, after=-1) is None
        clock.compare()
        assert factors._counter(secret, code, after=-1) is not None


def test_a_clock_that_was_an_hour_ahead_keeps_nobody_out() -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now + HOUR, tick=False):
        for _ in range(throttle.BOTH.free + 2):
            throttle.count("password", "redaction", HERE)
        assert not throttle.count("password", "redaction", HERE).admitted
    with time_machine.travel(now, tick=False):
        assert throttle.count("password", "redaction", HERE).admitted


def test_a_clock_that_was_an_hour_ahead_holds_up_no_mail(server: MailServer) -> None:
    send_mail("Avis", "Un texte.", None, ["zoe@exemple.fr"])
    now = datetime.now(UTC)
    server.answers["DATA"] = "451 Plus tard"
    with time_machine.travel(now + HOUR, tick=False):
        assert delivery.deliver() == 0
        assert OutgoingMail.objects.get().due_at > now + HOUR
    server.answers.clear()
    with time_machine.travel(now, tick=False):
        assert delivery.deliver() == 1
