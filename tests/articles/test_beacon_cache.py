"""The beacon and its memory: what the cache holds of a reader, and what happens when it is away."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from articles.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.9"


def send(article: Article) -> int:
    """Send the beacon, which is always 204, and return how often the article has been read."""
    assert Client().post(f"/vues/{article.pk}/", REMOTE_ADDR=ADDRESS).status_code == 204
    article.refresh_from_db()
    return article.view_count


def test_the_configured_cache_recognises_a_repetition() -> None:
    article = make_article()
    assert [send(article), send(article)] == [1, 1]


def test_a_cache_that_raises_stops_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("Le cache ne répond pas.")

    monkeypatch.setattr(type(cache._connections[cache._alias]), "add", away)  # type: ignore[attr-defined]
    article = make_article()
    assert [send(article), send(article)] == [1, 2]


def test_a_redis_that_is_down_stops_no_reading(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": {"socket_connect_timeout": 0.25},
        }
    }
    assert send(make_article()) == 1


def test_nothing_that_names_the_reader_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    backend = type(cache._connections[cache._alias])  # type: ignore[attr-defined]
    add = backend.add

    def recorded(self: Any, key: str, value: object, *args: Any, **kwargs: Any) -> Any:
        kept.append(f"{key} {value}")
        return add(self, key, value, *args, **kwargs)

    monkeypatch.setattr(backend, "add", recorded)
    send(make_article())
    assert kept
    assert not any(ADDRESS in entry for entry in kept)
