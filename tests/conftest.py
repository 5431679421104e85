"""What every test stands on: plain static files, fast passwords, and nothing left of the test before."""

import functools
import os
from importlib import import_module
from pathlib import Path
from zlib import crc32

import pytest
from django.apps import apps
from django.conf import settings as project_settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client

from articles import popularity
from articles.readings import Readings
from comments import blocklist
from multitude import caching, clients, syndication
from multitude.background import housekeeping
from multitude.demo import maps, portraits
from multitude.sight import journal
from tests.factories import logged_in, make_user
from tests.memory import empty_cache

_HERE = Path(__file__).parent
_LONGEST_NAME = 60
_FIRST_ROWS = {
    "comments.migrations.0002_groups": "create_groups",
    "comments.migrations.0003_charter": "write_first_version",
    "articles.migrations.0002_legal_pages": "write_first_versions",
}
_IN_FRONT = {_HERE / "bench", _HERE / "frontcaches", _HERE / "multitude" / "pagecache"}


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files under their own names, hash passwords quickly, and wait longer for a busy machine's database."""
    project_settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    project_settings.STATIC_ROOT.mkdir(exist_ok=True)
    # WhiteNoise looks a file up when it is asked for, instead of reading the whole folder for every test client.
    project_settings.WHITENOISE_AUTOREFRESH = True
    if pool := project_settings.DATABASES["default"]["OPTIONS"].get("pool"):
        pool["timeout"] = 60
    project_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_xdist_auto_num_workers() -> int:
    """Have one more process than cores: some tests wait for what starts, hangs or grows old."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what says the same on every database: what stands in front of the site, and what measures its own sites."""
    for item in items:
        if _IN_FRONT & set(item.path.parents) and not _uses_database(item):
            item.add_marker(pytest.mark.any_database)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long value by its beginning and its sum: the processes of a run send each other the name of every test."""
    if isinstance(val, str | bytes) and len(val) > _LONGEST_NAME:
        content = val if isinstance(val, bytes) else val.encode(errors="surrogatepass")
        return f"{argname}-{val[:_LONGEST_NAME]!r}-{crc32(content):08x}"
    return None


def _uses_database(item: pytest.Item) -> bool:
    """Say whether a test reads or writes the database under test."""
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)  # type: ignore[attr-defined]
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@receiver(post_migrate, sender=apps.get_app_config("comments"))
def _bring_back(**_told: object) -> None:
    """Write what the migrations wrote again, where the flush of a test with real transactions has taken it all away."""
    if Group.objects.exists():
        return
    for migration, function in _FIRST_ROWS.items():
        getattr(import_module(migration), function)(apps, connection.schema_editor())


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> None:
    """Have the pictures of the demo newspaper, the same ones each time, drawn once in each process."""
    maps.draw = functools.cache(maps.draw)
    portraits.draw = functools.cache(portraits.draw)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forget what is kept between two requests."""
    empty_cache()
    popularity.readings = Readings()
    caching.tell_listeners(frozenset({caching.SITE, caching.LISTS, blocklist.KEY}))
    caching.own_events.clear()
    clients._report_untrusted_proxy.cache_clear()
    syndication.born.cache_clear()
    journal.request_name.set("")


@pytest.fixture
def in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as a web process whose chores run: what pages need is remembered, and readings wait."""
    monkeypatch.setattr(housekeeping, "is_running", lambda: True)


@pytest.fixture
def moderator(db: None) -> User:
    """Return a member of «Modérateurs» and of nothing else."""
    return make_user("moderatrice", groups=["Modérateurs"])


@pytest.fixture
def editor(db: None) -> User:
    """Return a member of «Rédacteurs» and of nothing else."""
    return make_user("redacteur", groups=["Rédacteurs"])


@pytest.fixture
def moderator_client(moderator: User) -> Client:
    """Return a client logged in as the moderator."""
    return logged_in(moderator)


@pytest.fixture
def editor_client(editor: User) -> Client:
    """Return a client logged in as the editor."""
    return logged_in(editor)
