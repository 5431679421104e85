"""The beacon's memory: what is held of a reader, and what happens when Redis is away or frozen."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from articles import popularity
from articles.models import Article
from articles.readings import Readings
from tests.factories import make_article

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
def frozen_port() -> Iterator[int]:
    """Return the port of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_repetition_is_recognised() -> None:
    article = make_article()
    assert [send(article), send(article)] == [1, 1]


def test_a_redis_that_is_down_stops_no_reading(settings: Settings) -> None:
    use_redis_at(settings, 1)
    article = make_article()
    assert [send(article), send(article)] == [1, 1]


@pytest.mark.usefixtures("in_a_worker")
def test_a_frozen_redis_is_not_felt_by_readers(settings: Settings, frozen_port: int) -> None:
    use_redis_at(settings, frozen_port)
    article = make_article()
    start = time.monotonic()
    for number in range(20):
        Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=f"203.0.113.{number}")
    waited = time.monotonic() - start
    popularity.fold()
    article.refresh_from_db()
    assert (article.view_count, waited < 5) == (20, True)


@pytest.mark.skipif(not WITH_REDIS, reason="Demande CACHE_URL, l’adresse d’un Redis.")
def test_two_processes_with_one_redis_count_a_reader_once(in_a_worker: None) -> None:
    article = make_article()
    for _process in range(2):
        popularity.readings = Readings()
        popularity.fold()
        Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=ADDRESS)
        popularity.fold()
    article.refresh_from_db()
    assert article.view_count == 1


def test_nothing_that_names_the_reader_is_held(in_a_worker: None) -> None:
    Client().post(f"/vues/{make_article().pk}/", REMOTE_ADDR=ADDRESS)
    held = str(vars(popularity.readings))
    assert "as_before" in held
    assert ADDRESS not in held


def test_the_key_of_the_day_is_in_the_cache_alone(in_a_worker: None) -> None:
    article = make_article()
    send(article)
    popularity.fold()
    cache.clear()
    popularity.fold()
    send(article)
    popularity.fold()
    article.refresh_from_db()
    assert article.view_count == 2
