"""A folder for what the site keeps, one for backups, and a newspaper that has something of everything."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from multitude.backups import restoring
from multitude.backups.making import Made, make
from multitude.backups.snapshot import Advance


def no_bar(label: str, total: int) -> Advance:
    """Draw nothing."""
    return lambda count: None


@pytest.fixture(autouse=True)
def data_dir(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a DATA_DIR of its own, with a secret that the site has made for itself."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    # A storage with nothing in it.
    settings.STORAGES = {**settings.STORAGES}
    (settings.DATA_DIR / "secret").write_text(settings.SECRET_KEY)
    return settings.DATA_DIR


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return where a backup may be written."""
    (tmp_path / "sauvegardes").mkdir()
    return tmp_path / "sauvegardes" / "journal.tar"


@pytest.fixture
def back_up(archive: Path) -> Callable[[], Made]:
    """Return what makes a backup of the site as it is."""
    return lambda: make(archive, no_bar)


@pytest.fixture
def restore(archive: Path) -> Callable[..., restoring.Restored]:
    """Return what brings the backup back over what is there."""
    return lambda replace=True: restoring.restore(archive, replace=replace, bar=no_bar)


def everything() -> dict[str, Any]:
    """Return all rows of all tables, and all files, save what a restoration itself writes down.

    The table that the probe of writing makes for its connection alone holds none.
    """
    with connection.cursor() as cursor:
        found: dict[str, Any] = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in {"multitude_purgeevent", "multitude_room"} and not table.startswith("articles_search_"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own tables
                found[table] = sorted(map(repr, cursor.fetchall()))
    for folder in default_storage.listdir("")[0]:
        for name in default_storage.listdir(folder)[1]:
            with default_storage.open(f"{folder}/{name}") as file:
                found[f"{folder}/{name}"] = file.read()
    return found


def manage(*words: str, **options: Any) -> None:
    """Run a command."""
    call_command(*words, **options)


def left_in(folder: Path) -> list[str]:
    """Return the names of what lies in a folder, but for the lock of scheduled backups."""
    return sorted(name for name in os.listdir(folder) if name != ".verrou")
