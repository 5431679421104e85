"""The outbox in admin: on any screen, by day and by night."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from multitude.models import OutgoingMail
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_user

LIST = "/admin/multitude/outgoingmail/"
LONG = "Le serveur de mail a répondu : 550 5.1.1 <une.tres.longue.adresse.de.lectrice@journal-des-plumes.exemple>: Recipient address rejected"


@pytest.fixture
def keeper(transactional_db: None) -> User:
    """Return somebody who looks after mails of every state, one with a long address."""
    now = timezone.now()
    for number, status in enumerate(OutgoingMail.Status):
        settled = status not in {"waiting", "sending"}
        OutgoingMail.objects.create(
            recipient="une.tres.longue.adresse.de.lectrice@journal-des-plumes.exemple",
            sender="redaction@exemple.fr",
            subject="12 commentaires à décider, 3 transmis à la direction",
            message_id=f"<{number}@journal.exemple>",
            status=status,
            source=None if status in {"sent", "dropped"} else b"Texte",
            written_at=now - timedelta(hours=number),
            due_at=now + timedelta(minutes=8),
            attempts=number,
            settled_at=now if settled else None,
            claimed_at=now if status == "sending" else None,
            reason=LONG if status in {"waiting", "parked"} else "",
            is_doubtful=status == "waiting",
        )
    return make_user("cheffe", is_superuser=True)


def test_the_outbox_is_accessible_and_fits(page: Page, keeper: User) -> None:
    log_in(page, keeper)
    found = {}
    for path in (f"{LIST}?status=all", f"{LIST}{OutgoingMail.objects.get(status='parked').pk}/change/"):
        page.goto(path)
        found[path] = faults(page, "#content", looks=LOOKS)
    page.get_by_role("button", name="Abandonner").click()
    page.wait_for_selector(".concerned")
    found["give up"] = faults(page, "#content", looks=LOOKS)
    assert {path: listed for path, listed in found.items() if listed} == {}
