"""Makes backups: one file of the files that rows name, the database, the secret, and what is to be found in it again."""

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from multitude.backups import BackupFailed, archive, files, postgres, sqlite
from multitude.backups.archive import Manifest, Writer
from multitude.backups.snapshot import Advance, Snapshot
from multitude.backups.workshop import alone, publish, taken, told, workshop

type Bar = Callable[[str, int], Advance]
"""Begins a progress bar with a label and a total, and returns what moves it on."""

ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}
_NAME = re.compile(r"multitude-\d{8}T\d{6}Z\.tar")


class Made(NamedTuple):
    """A backup that was made."""

    path: Path
    bytes: int
    manifest: Manifest
    holds_secret: bool


def make(path: Path, bar: Bar, *, unattended: bool = False) -> Made:
    """Write a backup of the site as it is now to a file that is not there yet, readable by this account alone.

    Raises BackupFailed, and leaves nothing, where it cannot be made whole; `unattended` also where most pictures are not in
    the storage: nobody would see that their disk is not there, until no backup had them any more.
    """
    with told():
        if path.exists():
            raise BackupFailed(taken(path))
        with workshop(path.parent) as folder:
            draft = folder / "archive"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                writer = Writer(file)
                manifest = _fill(writer, folder, bar)
                if unattended and 2 * len(manifest.missing) > manifest.files + len(manifest.missing):
                    raise BackupFailed(_pictures_are_away(manifest))
                holds_secret = _add_secret(writer)
                writer.add_bytes(archive.MANIFEST, manifest.written())
                writer.close()
            publish(draft, path)
        return Made(path, path.stat().st_size, manifest, holds_secret)


def make_in(folder: Path, *, keep: int, bar: Bar) -> Made:
    """Make a backup with a dated name in a folder, then delete the oldest beyond as many as are kept.

    Only what is finished has such a name, so nothing else is counted. Raises BackupFailed, and deletes nothing.
    """
    with told():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(folder):
            made = make(_dated(folder), bar, unattended=True)
            for old in finished(folder)[:-keep]:
                # A clock that was ahead once has left names that come after this one's.
                if old != made.path:
                    old.unlink(missing_ok=True)
            return made


def _pictures_are_away(manifest: Manifest) -> str:
    words = {"missing": len(manifest.missing), "all": manifest.files + len(manifest.missing)}
    return _(
        "La plupart des images que la base désigne manquent (%(missing)s sur %(all)s) : vérifiez que leur disque est là, "
        "et MEDIA_STORAGE."
    ) % words  # fmt: skip


def _dated(folder: Path) -> Path:
    """Return a name that tells this second, or the next one where that has a backup."""
    while (path := folder / f"multitude-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar").exists():
        time.sleep(0.1)
    return path


def finished(folder: Path) -> list[Path]:
    """Return the scheduled backups in a folder, the oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file())


def secret_mark(secret: str) -> str:
    """Return by which a secret is recognised, and from which nobody can work it out."""
    return salted_hmac("multitude.backups", "secret", secret=secret, algorithm="sha256").hexdigest()[:16]


def _fill(writer: Writer, folder: Path, bar: Bar) -> Manifest:
    """Add the files, the database, and the files that have come meanwhile; return what is to be said of them."""
    engine = ENGINES[connection.vendor]
    before: set[str] = engine.named()
    stored = files.store(before, writer, folder, bar(_("Images"), len(before)))

    def database_bar(total: int) -> Advance:
        return bar(_("Base de données"), total)

    snapshot: Snapshot = engine.snapshot(folder, database_bar)
    late = snapshot.names - stored
    if late:
        stored |= files.store(late, writer, folder, bar(_("Images récentes"), len(late)))
    with snapshot.file.open("rb") as file:
        writer.add(archive.DATABASES[connection.vendor], file, snapshot.file.stat().st_size)
    return _manifest(snapshot, stored)


def _manifest(snapshot: Snapshot, stored: set[str]) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    members = {archive.member_of(name): name for name in stored}
    return Manifest(
        made_at=timezone.now().isoformat(),
        engine=connection.vendor,
        engine_version=snapshot.engine_version,
        tool_version=snapshot.tool_version,
        database_bytes=snapshot.bytes,
        orphans=snapshot.orphans,
        rows=snapshot.rows,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        files=len(stored),
        leftovers=sorted(stored - snapshot.names),
        missing=sorted(snapshot.names - stored),
        renamed={member: name for member, name in members.items() if member != archive.MEDIA + name},
        secret_mark=secret_mark(settings.SECRET_KEY),
    )


def _add_secret(writer: Writer) -> bool:
    """Add the secret that the site has made for itself; one that it was given is kept by whoever gave it."""
    path = Path(settings.DATA_DIR) / "secret"
    if os.environ.get("SECRET_KEY") or not path.exists():
        return False
    writer.add_bytes(archive.SECRET, path.read_bytes())
    return True
