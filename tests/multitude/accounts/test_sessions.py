"""When a session is over, whatever changed the account."""

import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from multitude.accounts import record, sessions
from multitude.models import AccountEvent, Sitting
from tests.factories import logged_in
from tests.multitude.accounts.entering import is_in, log_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stored() -> tuple[int, int]:
    """Return how many sessions there are, and how many rows beside them."""
    return Session.objects.count(), Sitting.objects.count()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "md5$a$b"}])
def test_whatever_changes_the_account_the_next_request_ends_the_session(
    editor: User, editor_client: Client, change: dict[str, object]
) -> None:
    User.objects.filter(pk=editor.pk).update(**change)
    assert not is_in(editor_client)
    assert stored() == (0, 0)
    User.objects.filter(pk=editor.pk).update(is_active=True, is_staff=True)
    assert not is_in(editor_client)
    assert AccountEvent.objects.get().kind == "sessions_ended"


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "md5$a$b"}])
def test_one_that_sends_no_request_is_ended_by_a_chore(editor: User, change: dict[str, object]) -> None:
    logged_in(editor)
    User.objects.filter(pk=editor.pk).update(**change)
    sessions.sweep()
    assert stored() == (0, 0)
    assert AccountEvent.objects.get().detail


def test_the_shell_ends_sessions_too(editor: User, editor_client: Client) -> None:
    editor.set_password("une phrase entièrement neuve")
    editor.save()
    assert not is_in(editor_client)


def test_a_chore_leaves_the_others_alone(editor: User, moderator: User, editor_client: Client) -> None:
    logged_in(moderator)
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    sessions.sweep()
    assert is_in(editor_client)


def test_a_day_without_a_request_ends_a_session(editor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        idle, used = logged_in(editor), logged_in(editor)
        clock.shift(sessions.IDLE - timedelta(minutes=5))
        assert is_in(used)
        clock.shift(timedelta(minutes=6))
        sessions.sweep()
        assert is_in(used)
        assert not is_in(idle)


def test_two_weeks_after_its_login_it_ends_however_much_it_is_used(client: Client, editor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, "redacteur")
        for _ in range(13):
            clock.shift(timedelta(hours=23))
            assert is_in(client)
            sessions.sweep()
        clock.shift(timedelta(hours=14 * 24 - 13 * 23 - 1))
        assert is_in(client)
        clock.shift(timedelta(hours=1, seconds=1))
        assert not is_in(client)
        sessions.sweep()
    assert not Sitting.objects.exists()


def test_logging_out_ends_it_and_is_recorded(client: Client, editor: User) -> None:
    log_in(client, "redacteur")
    client.post("/admin/logout/")
    assert stored() == (0, 0)
    assert list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["login", "logout"]


def test_logging_in_again_leaves_one_session(client: Client, editor: User, moderator: User) -> None:
    for username in ("redacteur", "redacteur", "moderatrice"):
        log_in(client, username)
    assert stored() == (1, 1)
    assert Sitting.objects.get().user == moderator


def test_that_a_session_was_used_is_written_down_by_a_chore(editor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(editor)
        clock.shift(timedelta(minutes=5))
        with CaptureQueriesContext(connection) as queries:
            assert is_in(client)
        sessions.write_down()
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert Sitting.objects.get().seen_at == NOW + timedelta(minutes=5)


def test_a_readers_page_reads_no_session(editor_client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = editor_client.get("/robots.txt")
    assert "sessionid" not in response.cookies


def test_cookies_are_closed_to_scripts_and_to_other_sites(client: Client, editor: User) -> None:
    cookie = log_in(client, "redacteur").cookies[project_settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.mark.parametrize(
    ("site", "name", "secure"),
    [("https://exemple.fr", "__Host-sessionid", True), ("http://exemple.fr", "sessionid", False)],
)
def test_over_tls_no_other_host_of_the_domain_sets_the_cookie(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str, name: str, secure: bool
) -> None:
    monkeypatch.setenv("SITE_URL", site)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    read = runpy.run_path(str(project_settings.BASE_DIR / "multitude" / "settings.py"))
    assert (read["SESSION_COOKIE_NAME"], read["SESSION_COOKIE_SECURE"]) == (name, secure)
    assert read["CSRF_COOKIE_NAME"].startswith("__Host-") == secure


def test_events_are_kept_for_ninety_days(editor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        record.note(record.Kind.LOGIN, editor)
        clock.shift(record.KEPT - timedelta(seconds=1))
        record.drop_old()
        assert AccountEvent.objects.exists()
        clock.shift(timedelta(seconds=2))
        record.drop_old()
    assert not AccountEvent.objects.exists()


def test_djangos_own_chore_drops_what_expired(editor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        logged_in(editor)
        clock.shift(timedelta(days=15))
        call_command("clearsessions")
        sessions.sweep()
    assert stored() == (0, 0)
