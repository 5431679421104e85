"""What pages and mails about accounts call things: one name for each, and days as French says them."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client

from multitude.models import AccountEvent
from tests.comments.helpers import page, text
from tests.factories import logged_in, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def login(editor: User) -> AccountEvent:
    """Return a login on the first day of a month."""
    at = datetime(2026, 11, 1, 12, 5, tzinfo=UTC)
    return AccountEvent.objects.create(user=editor, username="redacteur", kind="login", at=at)


def test_a_month_s_first_day_is_said_as_french_says_it(editor_client: Client, login: AccountEvent) -> None:
    said = text(page(editor_client.get("/admin/compte/")))
    letter = render_to_string("mail/account.txt", {"event": login, "what": "connexion", "url": "/"})
    assert "1er novembre 2026, 13 h 05" in said
    assert "le 1er novembre 2026 à 13 h 05" in " ".join(letter.split())


def test_the_record_has_one_name_in_the_menu_and_on_its_page(db: None) -> None:
    client = logged_in(make_user("cheffe", is_superuser=True))
    for path in ("/admin/", "/admin/multitude/accountevent/"):
        said = text(page(client.get(path)))
        assert "Journal des comptes" in said
        assert "vénements des comptes" not in said
