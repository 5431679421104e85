"""A backup is whole or it is not there; the timer's folder keeps the latest, and never gives up one for a failure."""

import errno
import logging
import os
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage, default_storage
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from articles.models import Picture
from multitude import backups
from multitude.backups import BackupFailed, files, making, restoring, workshop
from multitude.backups.archive import Writer
from multitude.backups.making import Made
from multitude.health import Grade
from multitude.models import BackupRun
from tests.factories import make_comment
from tests.multitude.backups.conftest import left_in, manage, no_bar

# What is committed is backed up, and nothing here needs to be; the database's part is tried by round trips.
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a timer's folder, which the first backup makes."""
    return tmp_path / "chaque-nuit"


@contextmanager
def a_full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no room left for what is written last."""

    def fail(*words: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "close", fail)
        yield


def name(day: int) -> str:
    """Return the name of a backup of some day."""
    return f"multitude-202601{day:02}T030000Z.tar"


def test_a_backup_is_for_one_account_alone(back_up: Callable[[], Made], archive: Path) -> None:
    back_up()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert left_in(archive.parent) == [archive.name]


@pytest.mark.django_db(transaction=True)
def test_a_secret_that_the_site_was_given_is_not_in_the_backup(
    back_up: Callable[[], Made], archive: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    monkeypatch.setenv("SECRET_KEY", "donné")
    assert not back_up().holds_secret
    assert b"donn" not in archive.read_bytes()
    monkeypatch.setenv("SECRET_KEY", "un autre")
    assert not restoring.restore(archive, replace=True, bar=no_bar).secret_is_known


def test_a_file_that_is_there_is_never_written_over(archive: Path) -> None:
    archive.write_text("autre chose")
    with pytest.raises(CommandError, match="existe déjà"):
        manage("backup", str(archive))
    assert archive.read_text() == "autre chose"


def test_of_two_backups_into_one_file_the_second_says_so(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Writer.close

    def write_meanwhile(writer: Writer) -> None:
        monkeypatch.setattr(Writer, "close", close)
        making.make(archive, no_bar)
        close(writer)

    monkeypatch.setattr(Writer, "close", write_meanwhile)
    with pytest.raises(BackupFailed, match="existe déjà"):
        making.make(archive, no_bar)
    restoring.check(archive, no_bar)
    assert left_in(archive.parent) == [archive.name]


def test_of_two_scheduled_backups_at_once_the_second_says_so(folder: Path) -> None:
    folder.mkdir()
    with workshop.alone(folder), pytest.raises(BackupFailed, match="est en cours"):
        making.make_in(folder, keep=3, bar=no_bar)
    assert left_in(folder) == []


def test_a_full_disk_is_one_sentence_and_leaves_nothing(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_full_disk(monkeypatch), pytest.raises(CommandError) as refused:
        manage("backup", str(archive))
    assert str(refused.value) == "Il n’y a plus de place sur le disque."
    assert left_in(archive.parent) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="refusé"):
        manage("backup", str(tmp_path / "absent" / "journal.tar"))


def test_the_timers_folder_keeps_the_latest_and_counts_nothing_else(folder: Path) -> None:
    folder.mkdir()
    for file in (name(1), name(2), name(3), "multitude-20260104T030000Z.tar.partiel", "notes.txt", "multitude-x.tar"):
        (folder / file).write_text("")
    made = making.make_in(folder, keep=3, bar=no_bar)
    others = ["multitude-20260104T030000Z.tar.partiel", "multitude-x.tar", "notes.txt"]
    assert left_in(folder) == sorted([name(2), name(3), made.path.name, *others])
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    restoring.check(made.path, no_bar)


def test_a_clock_that_was_ahead_once_costs_no_backup_that_has_just_been_made(folder: Path) -> None:
    folder.mkdir()
    (folder / "multitude-29990101T030000Z.tar").write_text("")
    made = making.make_in(folder, keep=1, bar=no_bar)
    assert made.path.exists()


def test_a_failed_backup_takes_no_older_ones_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    for file in (name(1), name(2)):
        (folder / file).write_text("")
    with a_full_disk(monkeypatch), pytest.raises(CommandError):
        manage("backup", folder=folder, keep=1)
    assert left_in(folder) == [name(1), name(2)]


@pytest.mark.django_db(transaction=True)
def test_a_disk_of_pictures_that_is_not_there_costs_no_older_backup(folder: Path) -> None:
    Picture.objects.create(
        file="cle/absente.jpg", width=1, height=1, digest="0", alternative_text="Absente", credit="X"
    )
    folder.mkdir()
    (folder / name(1)).write_text("")
    with pytest.raises(CommandError, match=r"La plupart des images .* \(1 sur 1\)"):
        manage("backup", folder=folder, keep=1)
    assert left_in(folder) == [name(1)]


@pytest.mark.django_db(transaction=True)
def test_what_becomes_of_a_backup_is_an_act(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    manage("backup", folder=folder, stdout=StringIO())
    with a_full_disk(monkeypatch), pytest.raises(CommandError):
        manage("backup", str(folder / "journal.tar"))
    [made] = folder.glob("*.tar")
    manage("restore", str(made), replace=True, stdout=StringIO())
    acts = [record.__dict__ for record in caplog.records if getattr(record, "act", "").startswith("backup.")]
    assert [act["act"] for act in acts] == ["backup.make", "backup.fail", "backup.restore"]
    assert [act["facts"].get("scheduled") for act in acts] == [True, False, None]


def test_how_the_last_scheduled_backup_went_is_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert backups.latest() is None
    manage("backup", folder=folder, stdout=StringIO())
    at = backups.latest()
    assert at is not None
    assert backups.last_failure() == ""
    with a_full_disk(monkeypatch), pytest.raises(CommandError):
        manage("backup", folder=folder)
    assert backups.latest() == at
    assert backups.last_failure() == "Il n’y a plus de place sur le disque."


def test_the_page_of_the_sites_state_warns_of_a_scheduled_backup_that_failed_or_is_late(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backups.examine().grade is Grade.GOOD
    manage("backup", folder=folder, stdout=StringIO())
    assert backups.examine().grade is Grade.GOOD
    with a_full_disk(monkeypatch), pytest.raises(CommandError):
        manage("backup", folder=folder)
    failed = backups.examine()
    assert failed.grade is Grade.WATCH
    assert "plus de place" in failed.sentence
    manage("backup", folder=folder, stdout=StringIO())
    assert backups.examine().grade is Grade.GOOD
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        late = backups.examine()
    assert late.grade is Grade.WATCH
    assert "minuterie" in late.sentence


def test_the_day_of_the_last_one_is_said_as_french_says_it() -> None:
    at = datetime(2026, 11, 1, 4, 5, tzinfo=UTC)
    BackupRun.objects.create(at=at)
    with time_machine.travel(at + timedelta(hours=1)):
        assert "du 1er novembre 2026 à 5\u202fh\u202f05." in backups.examine().sentence


def test_a_backup_made_by_hand_is_no_scheduled_one(archive: Path) -> None:
    manage("backup", str(archive), stdout=StringIO())
    assert not BackupRun.objects.exists()


def test_what_a_killed_backup_left_is_cleared_away_and_what_is_under_way_is_not(folder: Path) -> None:
    folder.mkdir()
    killed = folder / ".sauvegarde-morte"
    killed.mkdir()
    (killed / "verrou").touch()
    (killed / "archive").write_text("à moitié")
    with workshop.workshop(folder) as under_way:
        for each in (killed, under_way):
            os.utime(each, (0, 0))
        making.make_in(folder, keep=3, bar=no_bar)
        assert under_way.exists()
    assert not killed.exists()
    assert len(left_in(folder)) == 1


@pytest.mark.parametrize("words", [(), ("un.tar", "--folder=.")])
def test_one_says_where_the_backup_goes(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Donnez un fichier"):
        manage("backup", *words)


def test_what_is_in_a_backup_is_told(archive: Path) -> None:
    make_comment()
    said = StringIO()
    manage("backup", str(archive), stdout=said)
    assert "chiffrez-la" in said.getvalue()
    checked = StringIO()
    manage("restore", str(archive), "--check", stdout=checked)
    assert "Sauvegarde entière" in checked.getvalue()


class Endless(Storage):
    """A storage that is no folder, whose one file is long."""

    size_of_it = 64 * 2**20

    def open(self, name: str, mode: str = "rb") -> Any:
        """Return something that yields as much."""
        if name != "long":
            raise FileNotFoundError(name)
        return Long(self.size_of_it)


class Long:
    """An open file of zeros that can only be read on."""

    def __init__(self, size: int) -> None:
        self._left = size

    def __enter__(self) -> "Long":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was opened."""

    def chunks(self, size: int) -> Iterator[bytes]:
        """Yield it in pieces."""
        while self._left:
            self._left -= size
            yield bytes(size)


@pytest.fixture
def a_long_picture(settings: LazySettings) -> None:
    """Store a row whose file is long."""
    Picture.objects.create(file="long", width=1, height=1, digest="0", alternative_text="Long", credit="X")
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.Endless"}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_long_picture")
def test_a_picture_of_any_size_takes_little_memory(back_up: Callable[[], Made]) -> None:
    tracemalloc.start()
    try:
        made = back_up()
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.manifest.files == 1
    assert made.bytes > Endless.size_of_it
    assert most < Endless.size_of_it / 4


@pytest.mark.django_db(transaction=True)
def test_a_storage_that_does_not_answer_is_told_and_leaves_nothing(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = default_storage.save("cle/originale.jpg", ContentFile(b"image"))
    Picture.objects.create(file=kept, width=1, height=1, digest="0", alternative_text="Un pont", credit="X")

    def hang(*words: object) -> None:
        raise TimeoutError("le seau ne répond pas")

    monkeypatch.setattr(InMemoryStorage, "open", hang)
    with pytest.raises(CommandError, match="le seau ne répond pas"):
        manage("backup", str(archive))
    assert left_in(archive.parent) == []


def test_a_database_that_refuses_is_told_and_leaves_nothing(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "named", lambda execute: execute("SELECT * FROM absente"))
    with pytest.raises(CommandError, match="La base de données a refusé"):
        manage("backup", str(archive))
    assert left_in(archive.parent) == []
    assert connection.vendor in making.ENGINES
