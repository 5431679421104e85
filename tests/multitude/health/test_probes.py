"""What the machinery looks at, and how it says what is wrong."""

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from multitude import clients, labels
from multitude.background import tasks
from multitude.environment import Network
from multitude.health import Grade, probes
from multitude.models import Chore, Heartbeat, OutgoingMail
from multitude.web.congestion import OneThreadLeft

pytestmark = pytest.mark.django_db

GB = 10**9


def free(monkeypatch: pytest.MonkeyPatch, free: float, size: float, *, flag: int = 0, files: int = 100) -> None:
    """Have every disk be so large, and so much of it free."""
    found = SimpleNamespace(f_frsize=1, f_bavail=free, f_blocks=size, f_flag=flag, f_files=1_000, f_favail=files)
    monkeypatch.setattr(os, "statvfs", lambda folder: found)


def test_a_database_that_answers_is_well() -> None:
    state = probes.database()
    assert state.grade is Grade.GOOD
    assert state.value is not None


def test_a_database_that_is_away_affects_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError("connection to server at db failed\nDETAIL: un secret")

    monkeypatch.setattr(probes, "_is_writable", away)
    state = probes.database()
    assert state.grade is Grade.DOWN
    assert "DATABASE_URL" in state.sentence
    assert "un secret" not in state.sentence


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
def test_a_database_that_takes_nothing_affects_readers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert probes.database().grade is Grade.DOWN


def test_without_redis_the_site_works(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    def away(*args: object) -> None:
        raise ConnectionError

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}}
    monkeypatch.setattr(probes, "cache", SimpleNamespace(set=away))
    state = probes.shared_cache()
    assert state.grade is Grade.WATCH
    assert "CACHE_URL" in state.sentence


def test_a_cache_that_answers_is_well() -> None:
    assert probes.shared_cache().grade is Grade.GOOD
    cache.delete("multitude.health")


@pytest.mark.parametrize(
    ("left", "size", "grade"),
    [
        (40 * GB, 100 * GB, Grade.GOOD),
        (6 * GB, 4_000 * GB, Grade.GOOD),
        (4 * GB, 4_000 * GB, Grade.WATCH),
        (1.9 * GB, 20 * GB, Grade.WATCH),
        (10**7, 20 * GB, Grade.DOWN),
        (60 * 10**6, 64 * 10**6, Grade.GOOD),
        (10**6, 64 * 10**6, Grade.DOWN),
    ],
)
def test_a_disk_fills_up(monkeypatch: pytest.MonkeyPatch, left: float, size: float, grade: Grade) -> None:
    free(monkeypatch, left, size)
    # Without a database on it, a full disk affects no reader.
    expected = grade if connection.vendor == "sqlite" else min(grade, Grade.WATCH)
    state = probes.disk()
    assert (state.grade, state.value, state.unit) == (expected, left, "o")


def test_a_disk_that_is_full_of_pictures_alone_affects_no_reader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(probes, "_disk", lambda folder: int(folder == tmp_path))
    roomy = {"f_frsize": 1, "f_bavail": 4 * GB, "f_blocks": 8 * GB, "f_flag": 0, "f_files": 1_000, "f_favail": 100}
    full = roomy | {"f_bavail": 10**6}
    monkeypatch.setattr(os, "statvfs", lambda folder: SimpleNamespace(**(full if folder == tmp_path else roomy)))
    state = probes.disk()
    assert (state.grade, "Plein" in state.sentence) == (Grade.WATCH, True)


@pytest.mark.parametrize(("flag", "files"), [(os.ST_RDONLY, 100), (0, 0)])
def test_a_disk_that_takes_no_file_is_no_better_than_a_full_one(
    monkeypatch: pytest.MonkeyPatch, flag: int, files: int
) -> None:
    free(monkeypatch, 40 * GB, 100 * GB, flag=flag, files=files)
    assert probes.disk().grade > Grade.GOOD


@pytest.mark.parametrize(
    ("left", "size", "files", "words"), [(4.5 * GB, 100 * GB, 100, "Se remplit"), (40 * GB, 100 * GB, 0, "inodes")]
)
def test_each_disk_is_judged_by_its_own_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings, left: float, size: float, files: int, words: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    roomy = {"f_frsize": 1, "f_bavail": 4 * GB, "f_blocks": 8 * GB, "f_flag": 0, "f_files": 1_000, "f_favail": 100}
    other = roomy | {"f_bavail": left, "f_blocks": size, "f_favail": files}
    monkeypatch.setattr(os, "statvfs", lambda folder: SimpleNamespace(**(other if folder == tmp_path else roomy)))
    state = probes.disk()
    assert (words in state.sentence, state.value) == (True, left)


@pytest.mark.parametrize(
    ("size", "label"), [(999, "999\u00a0o"), (12_400, "12,4\u00a0ko"), (123e6, "123\u00a0Mo"), (2e12, "2,0\u00a0To")]
)
def test_bytes_are_told_in_french(size: float, label: str) -> None:
    assert labels.size_label(size) == label


def test_clocks_that_agree_are_well() -> None:
    assert probes.clock().grade is Grade.GOOD


def test_a_clock_that_went_back_is_told() -> None:
    Chore.objects.create(name="essai", claimed_at=timezone.now() + timedelta(hours=1))
    state = probes.clock()
    assert state.grade is Grade.WATCH
    assert "retarde" in state.sentence


def test_two_clocks_that_differ_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_database_ahead", lambda: -3600.0)
    state = probes.clock()
    assert (state.grade, state.value) == (Grade.WATCH, -3600.0)


def test_a_proxy_that_nobody_named_is_told() -> None:
    assert probes.proxies().grade is Grade.GOOD
    clients.client_network({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"})
    state = probes.proxies()
    assert state.grade is Grade.WATCH
    assert "TRUSTED_PROXIES" in state.sentence


@pytest.mark.parametrize(
    ("host", "networks", "debug", "grade"),
    [
        ("127.0.0.1", [], False, Grade.GOOD),
        ("::1", [], False, Grade.GOOD),
        ("0.0.0.0", [], False, Grade.WATCH),  # noqa: S104  no server listens
        ("10.0.0.2", [], False, Grade.WATCH),
        ("10.0.0.2", ["10.0.0.1"], False, Grade.GOOD),
        ("10.0.0.2", [], True, Grade.GOOD),
    ],
)
def test_a_site_that_strangers_reach_without_a_proxy_is_told(
    host: str, networks: list[str], debug: bool, grade: Grade
) -> None:
    proxies = [Network.parse(network) for network in networks]
    with override_settings(HOST=host, TRUSTED_PROXIES=proxies, DEBUG=debug):
        state = probes.proxies()
    assert state.grade is grade
    assert (host in state.sentence) is (grade is Grade.WATCH)


@pytest.mark.parametrize(
    ("url", "grade"),
    [
        ("https://journal.exemple", Grade.GOOD),
        ("http://127.0.0.1:8000", Grade.GOOD),
        ("http://localhost", Grade.GOOD),
        ("http://journal.exemple", Grade.WATCH),
    ],
)
def test_a_public_address_without_tls_is_told(url: str, grade: Grade) -> None:
    with override_settings(SITE_URL=url):
        assert probes.address().grade is grade


def test_errors_that_show_the_code_are_told() -> None:
    assert probes.debug().grade is Grade.GOOD
    with override_settings(DEBUG=True):
        assert probes.debug().grade is Grade.WATCH


def test_threads_that_all_wait_affect_readers_until_one_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multitude.web.congestion.PATIENCE", 0.01)
    states = []

    def django(environ: dict, start_response: object) -> list[bytes]:
        layer({"REQUEST_METHOD": "GET"}, lambda status, headers: None)
        states.append(layer.examine())
        return []

    layer = OneThreadLeft(django, places=1)
    assert layer.examine().grade is Grade.GOOD
    layer({"REQUEST_METHOD": "GET"}, lambda status, headers: None)
    assert [state.grade for state in states] == [Grade.DOWN]
    assert layer.examine().grade is Grade.GOOD


def test_where_there_is_no_worker_none_is_missed() -> None:
    assert probes.worker().grade is Grade.GOOD


@pytest.mark.parametrize(
    ("worker", "timer", "grade"),
    [(5, 40, Grade.GOOD), (300, 40, Grade.WATCH), (5, 3_600, Grade.WATCH), (None, 40, Grade.WATCH)],
)
def test_a_worker_or_a_timer_that_is_gone_is_told(settings, worker: int | None, timer: int, grade: Grade) -> None:
    settings.BACKGROUND = "worker"
    for role, age in {Heartbeat.Role.WORKER: worker, Heartbeat.Role.TIMER: timer}.items():
        if age is not None:
            seen_at = timezone.now() - timedelta(seconds=age)
            Heartbeat.objects.create(name=role.value, role=role, seen_at=seen_at)
    assert probes.worker().grade is grade


def test_of_a_worker_that_is_gone_one_learns_how_it_is_started_again(settings) -> None:
    settings.BACKGROUND = "worker"
    assert "systemctl restart multitude-worker" in str(probes.worker().sentence)


def test_a_worker_that_lives_and_takes_no_task_is_told(settings) -> None:
    settings.BACKGROUND = "worker"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for role in Heartbeat.Role:
        Heartbeat.objects.create(name=role.value, role=role, seen_at=timezone.now())
    tasks.do.enqueue("mail")
    assert probes.worker().grade is Grade.GOOD
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=20))
    assert "depuis 20 min" in str(probes.worker().sentence)


def test_mail_that_waits_too_long_is_told() -> None:
    assert probes.mail().grade is Grade.GOOD
    OutgoingMail.objects.create(recipient="a@exemple.fr", subject="Objet", sender="b@exemple.fr", source=b"Corps")
    assert probes.mail().grade is Grade.GOOD
    OutgoingMail.objects.update(written_at=timezone.now() - timedelta(hours=21))
    state = probes.mail()
    assert state.grade is Grade.WATCH
    assert "depuis 21 h." in state.sentence
    assert state.value is not None
    assert state.value >= 3_600
