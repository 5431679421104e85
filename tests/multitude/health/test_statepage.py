"""«État du site», in admin: in words what is wrong, since when, and what to do."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from articles import legal
from multitude import VERSION, clock, health
from multitude.health import Grade, State, probes
from multitude.models import Incident, OutgoingMail
from multitude.sight import metrics
from tests.comments.helpers import page, text
from tests.factories import logged_in, make_user

pytestmark = pytest.mark.django_db

STATE = "/admin/etat/"


@pytest.fixture
def watcher(db: None) -> User:
    """Return somebody who looks after the machine, and has nothing to do with articles or comments."""
    user = make_user("veilleur")
    user.user_permissions.add(Permission.objects.get(codename="view_incident"))
    return user


@pytest.fixture
def watching(watcher: User) -> Client:
    """Return a client of theirs."""
    return logged_in(watcher)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    """Have one probe alone, of a grade."""

    def only(grade: Grade, sentence: str = "Se remplit. Libérez de la place.") -> None:
        monkeypatch.setattr(health, "_probes", {})
        health.register("disk", "disque", lambda: State(grade, sentence))

    return only


def shown(client: Client, path: str = STATE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return text(page(response))


def test_it_tells_the_machine_and_its_state(watching: Client) -> None:
    response = watching.get(STATE)
    words = text(page(response))
    assert "no-store" in response["Cache-Control"]
    for word in (f"Multitude {VERSION}", "Base de données", "Pages légales", "Horloge", "Courrier", "libres sur"):
        assert word in words


def test_a_machine_whose_clock_is_wrong_tells_for_how_long_it_has_run(
    watching: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = metrics.numbers()["process"]["start_time_seconds"]
    monkeypatch.setattr(clock, "_behind", timedelta(days=9))
    with time_machine.travel(started + 7_500):
        assert "tourne depuis2 h" in shown(watching)


def test_all_is_well(watching: Client, only) -> None:
    only(Grade.GOOD)
    words = shown(watching)
    assert "Tout va bien." in words
    assert "Rien n’est arrivé." in words
    assert "À regarder" not in words


def test_what_is_wrong_says_since_when_and_what_to_do(watching: Client, only) -> None:
    only(Grade.WATCH)
    began_at = timezone.now() - timedelta(hours=3, minutes=5)
    Incident.objects.create(probe="disk", grade=1, sentence="…", began_at=began_at)
    words = shown(watching)
    assert "Un point est à regarder." in words
    assert "Se remplit. Libérez de la place." in words
    assert "Signalé depuis 3 h" in words


def test_what_is_done_at_the_desk_leads_there(watching: Client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_probes", {})
    health.register("mail", "courrier", probes.mail)
    health.register("legal_pages", "pages légales", legal.examine)
    now = timezone.now()
    OutgoingMail.objects.create(status="parked", source=b"Texte", settled_at=now)
    page = watching.get(STATE).content.decode()
    assert '<a href="/admin/multitude/outgoingmail/?status=parked">' in page
    assert '<a href="/admin/articles/legalpage/">' in page


def test_a_month_s_first_day_is_said_as_french_says_it(watching: Client, only) -> None:
    only(Grade.WATCH)
    Incident.objects.create(probe="disk", grade=1, sentence="…", began_at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert "1er novembre 2026, 13" in shown(watching)


def test_what_affects_readers_is_said_first(watching: Client, only) -> None:
    only(Grade.WATCH)
    health.register("database", "base de données", lambda: State(Grade.DOWN, "En lecture seule."))
    words = shown(watching)
    assert "Les lecteurs sont touchés." in words
    assert words.index("En lecture seule.") < words.index("Se remplit.")


def test_what_was_wrong_stays_readable(watching: Client, only) -> None:
    only(Grade.GOOD)
    now = timezone.now()
    Incident.objects.create(
        probe="disk", grade=1, sentence="Se remplissait.", began_at=now - timedelta(hours=5), ended_at=now
    )
    words = shown(watching)
    assert "Se remplissait." in words
    assert "pendant 5 h" in words


def test_it_tells_no_account_and_no_password(watching: Client, settings) -> None:
    settings.MAILERS = {
        "transport": {"OPTIONS": {"host": "smtp.exemple.fr", "username": "x", "password": "motdepasse"}}
    }
    words = shown(watching)
    assert "smtp.exemple.fr" in words
    assert "motdepasse" not in words


def test_it_is_for_those_who_may_see_it(moderator_client: Client, client: Client) -> None:
    assert moderator_client.get(STATE).status_code == 403
    assert client.get(STATE).status_code == 302
    assert "État du site" not in shown(moderator_client, "/admin/")


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ([], "État du site"),
        ([1], "État du site : 1 point à regarder"),
        ([1, 1], "État du site : 2 points à regarder"),
        ([1, 2], "État du site : les lecteurs sont touchés"),
    ],
)
def test_the_start_page_says_whether_there_is_something_to_read(watching: Client, grades: list, words: str) -> None:
    for number, grade in enumerate(grades):
        Incident.objects.create(probe=f"p{number}", grade=grade, sentence="…", began_at=timezone.now())
    assert words in shown(watching, "/admin/")


def test_it_takes_nothing(watching: Client) -> None:
    assert watching.post(STATE).status_code == 405


def test_the_version_is_the_project_s() -> None:

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
