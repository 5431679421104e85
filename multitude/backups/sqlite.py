"""The database of a backup where it is SQLite: its own online backup, of one instant, while others read and write."""

import gzip
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

from django.db import connection
from django.utils.translation import gettext as _

from multitude.backups import BackupFailed, files
from multitude.backups.archive import CHUNK, ArchiveRefused, Manifest
from multitude.backups.snapshot import Advance, Snapshot

# How long another program's lock is waited for.
PATIENCE = 20.0
_PAGES = 1_024
# Compressing harder takes several times as long, and gains little.
_LEVEL = 1
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def named() -> set[str]:
    """Return the names of the files that rows name at this moment."""
    with closing(_open(_path())) as database:
        return set(files.named(database.execute))


def snapshot(folder: Path, bar: Callable[[int], Advance]) -> Snapshot:
    """Copy the database as it is now into a compressed file in `folder`; writers wait for nothing meanwhile."""
    copy = folder / "base.sqlite3"
    with closing(_open(_path())) as source, closing(_open(copy)) as target:
        target.execute("PRAGMA synchronous = OFF")
        # A transaction that is open keeps the copy from beginning anew whenever somebody writes.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_schema").fetchall()
        _copy(source, target, bar)
        # The copy is one file, without a journal beside it.
        target.execute("PRAGMA journal_mode = DELETE")
        if _faults(target):
            raise BackupFailed(
                _("La base de données est abîmée (PRAGMA integrity_check) : aucune sauvegarde n’a été faite.")
            )
        rows, orphans = _rows(target), _orphans(target)
        names = set(files.named(target.execute))
    size = copy.stat().st_size
    packed = folder / "base.sqlite3.gz"
    advance = bar(size)
    with copy.open("rb") as file, gzip.GzipFile(packed, "wb", _LEVEL, mtime=0) as compressed:
        while chunk := file.read(CHUNK):
            compressed.write(chunk)
            advance(len(chunk))
    copy.unlink()
    return Snapshot(file=packed, rows=rows, names=names, bytes=size, orphans=orphans)


def holds_something() -> bool:
    """Return whether the database has a table."""
    path = _path()
    if not path.exists():
        return False
    with closing(_open(path)) as database:
        return bool(_tables(database))


def suits(manifest: Manifest) -> None:
    """Every SQLite reads what another one has written."""


def prepare(packed: Path, folder: Path, manifest: Manifest, bar: Callable[[int], Advance]) -> Path:
    """Unpack the database of a backup in `folder` and compare it with what the backup says of it. Raises ArchiveRefused."""
    path, left, advance = folder / "base.sqlite3", manifest.database_bytes, bar(manifest.database_bytes)
    try:
        with gzip.open(packed) as compressed, path.open("wb") as file:
            while left and (chunk := compressed.read(min(CHUNK, left))):
                file.write(chunk)
                left -= len(chunk)
                advance(len(chunk))
            if left or compressed.read(1):
                raise _otherwise()
        packed.unlink()
        with closing(_open(path)) as database:
            if _faults(database) or _rows(database) != manifest.rows or _orphans(database) != manifest.orphans:
                raise _otherwise()
    except (gzip.BadGzipFile, zlib.error, EOFError, sqlite3.DatabaseError) as error:
        raise _otherwise() from error
    return path


def put(prepared: Path, manifest: Manifest, bar: Callable[[int], Advance]) -> None:
    """Have the site's database be what was prepared, in one transaction of SQLite's own. Raises BackupFailed."""
    connection.close()
    target_path = _path()
    target_path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(_open(prepared)) as source, closing(_open(target_path)) as target:
            _copy(source, target, bar)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except (sqlite3.Error, TimeoutError) as error:
        raise BackupFailed(
            _(
                "La base de données n’a pas pu être remplacée (%(reason)s) : rien n’a été changé. Arrêtez d’abord le site."
            )
            % {"reason": error}
        ) from error


def settle() -> None:
    """SQLite needs nothing more."""


def _path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.Connection(path, timeout=PATIENCE, isolation_level=None)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, bar: Callable[[int], Advance]) -> None:
    """Copy all pages, and draw how far one is. Raises TimeoutError where another program keeps a lock."""
    done, moved_at = 0, monotonic()
    advance: Advance | None = None

    def follow(status: int, left: int, total: int) -> None:
        nonlocal done, moved_at, advance
        if status in _BUSY:
            if monotonic() - moved_at > PATIENCE:
                raise TimeoutError("database is locked")
            return
        advance = advance or bar(total)
        advance(total - left - done)
        done, moved_at = total - left, monotonic()

    source.backup(target, pages=_PAGES, progress=follow)


def _tables(database: sqlite3.Connection) -> list[str]:
    """Return the tables that hold rows of their own: not SQLite's, nor those inside a table of the search."""
    found = database.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
    )
    return [name for (name,) in found if not name.startswith("sqlite_")]


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in _tables(database)}
    return {name: database.execute(f"SELECT count(*) FROM {word}").fetchone()[0] for name, word in quoted.items()}  # noqa: S608


def _faults(database: sqlite3.Connection) -> bool:
    return database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)


def _orphans(database: sqlite3.Connection) -> int:
    return sum(1 for _row in database.execute("PRAGMA foreign_key_check"))


def _otherwise() -> ArchiveRefused:
    return ArchiveRefused(_("La base de cette sauvegarde n’est pas ce qu’elle en dit : rien n’a été changé."))
