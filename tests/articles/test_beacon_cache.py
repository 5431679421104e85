"""The beacon's memory: what is held of a reader, and what happens when Redis is away or frozen."""

import socket
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings as project_settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from articles import popularity, readings
from articles.models import Article
from articles.readings import Readings
from tests.factories import make_article
from tests.memory import empty_cache

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.9"
WITH_REDIS = str(project_settings.CACHES["default"]["BACKEND"]).endswith("RedisCache")


def send(article: Article) -> int:
    """Send the beacon, which is always 204, and return how often the article has been read."""
    assert Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=ADDRESS).status_code == 204
    article.refresh_from_db()
    return article.view_count


def use_redis_at(settings: Settings, port: int) -> None:
    """Configure a Redis on a port where there is none, or one that says nothing."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}",
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }


@pytest.fixture
def frozen() -> Iterator[socket.socket]:
    """Return a server to which one can connect, and which never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def patient_redis(settings: Settings) -> None:
    """Wait longer for Redis than a site does: on a machine that is busy with tests, it may be slow."""
    own = settings.CACHES["default"]
    slow = {"KEY_PREFIX": cache.key_prefix, "OPTIONS": {"socket_timeout": 10, "socket_connect_timeout": 10}}
    settings.CACHES = {"default": own | slow}


def test_a_repetition_is_recognised() -> None:
    article = make_article()
    assert [send(article), send(article)] == [1, 1]


def test_a_redis_that_is_down_stops_no_reading(settings: Settings) -> None:
    use_redis_at(settings, 1)
    article = make_article()
    assert [send(article), send(article)] == [1, 1]


@pytest.mark.usefixtures("in_a_worker")
def test_a_frozen_redis_is_not_felt_by_readers(settings: Settings, frozen: socket.socket) -> None:
    use_redis_at(settings, frozen.getsockname()[1])
    article = make_article()
    for number in range(20):
        Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=f"203.0.113.{number}")
    with pytest.raises(BlockingIOError):
        frozen.accept()  # nobody came
    popularity.fold()
    frozen.accept()[0].close()
    article.refresh_from_db()
    assert article.view_count == 20


@pytest.mark.skipif(not WITH_REDIS, reason="Demande CACHE_URL, l’adresse d’un Redis.")
def test_two_processes_with_one_redis_count_a_reader_once(in_a_worker: None, patient_redis: None) -> None:
    article = make_article()
    for _process in range(2):
        popularity.readings = Readings()
        popularity.fold()
        Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=ADDRESS)
        popularity.fold()
    article.refresh_from_db()
    assert article.view_count == 1


@pytest.mark.skipif(not WITH_REDIS, reason="Demande CACHE_URL, l’adresse d’un Redis.")
def test_two_processes_with_one_redis_share_a_network_s_ceiling(
    in_a_worker: None, patient_redis: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "NETWORK_CEILING", 3)
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False):
        articles = [make_article() for _number in range(4)]
        for read in (articles[:2], articles[2:]):
            popularity.readings = Readings()
            popularity.fold()
            for article in read:
                Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=ADDRESS)
            popularity.fold()
    assert sum(Article.objects.values_list("view_count", flat=True)) == 3


def test_nothing_that_names_the_reader_is_held(in_a_worker: None) -> None:
    Client().post(f"/vues/{make_article().pk}/", REMOTE_ADDR=ADDRESS)
    held = str(vars(popularity.readings))
    assert "as_before" in held
    assert ADDRESS not in held


def test_the_key_of_the_day_is_in_the_cache_alone(in_a_worker: None) -> None:
    article = make_article()
    send(article)
    popularity.fold()
    empty_cache()
    popularity.fold()
    send(article)
    popularity.fold()
    article.refresh_from_db()
    assert article.view_count == 2
