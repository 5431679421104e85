"""System checks: what is wrong or dangerous says so, with a hint."""

import pytest
from django.core import checks
from pytest_django import Settings

from multitude import environment
from tests.mailserver import mailers

# Whether the database knows JSON, SQLite is asked.
pytestmark = pytest.mark.django_db

REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1"}}
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(autouse=True)
def _sound(settings: Settings) -> None:
    settings.DEBUG = False
    settings.SITE_URL = "https://exemple.fr"
    settings.ALLOWED_HOSTS = ["exemple.fr"]
    settings.WEB_WORKERS = 1
    settings.CACHES = LOCAL
    settings.MAILERS = mailers(25)


def ours(*, deploy: bool = False) -> list[str]:
    """Return the numbers of our own messages; each has a hint."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=deploy)
        if str(message.id).startswith("multitude.")
    ]
    assert all(message.hint for message in found)
    return [str(message.id) for message in found]


def test_a_sound_site_has_nothing_to_say() -> None:
    assert ours(deploy=True) == []


@pytest.mark.parametrize("hosts", [[], ["autre.fr"], ["www.exemple.fr"]])
def test_e001_the_site_does_not_answer_to_its_own_name(settings: Settings, hosts: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert ours() == ["multitude.E001"]


@pytest.mark.parametrize(
    ("url", "hosts"),
    [("https://exemple.fr:8443", ["exemple.fr"]), ("http://[::1]:8000", ["[::1]"]), ("https://a.b.fr", [".b.fr"])],
)
def test_a_name_that_is_allowed_is_silent(settings: Settings, url: str, hosts: list[str]) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = url, hosts
    assert ours() == []


def test_w002_several_workers_share_no_memory(settings: Settings) -> None:
    settings.WEB_WORKERS = 2
    assert ours() == ["multitude.W002"]


def test_several_workers_with_redis_are_silent(settings: Settings) -> None:
    settings.WEB_WORKERS, settings.CACHES = 2, REDIS
    assert ours() == []


def test_w003_speaks_of_tls_when_one_deploys(settings: Settings) -> None:
    settings.SITE_URL = "http://exemple.fr"
    assert ours() == []
    assert ours(deploy=True) == ["multitude.W003"]


def test_w004_speaks_of_mail_that_no_server_takes_when_one_deploys(settings: Settings) -> None:
    settings.MAILERS = environment.mailers("MULTITUDE_ESSAI", is_public=True)
    assert ours() == []
    assert ours(deploy=True) == ["multitude.W004"]
