"""Brings a backup back: everything is checked before anything is touched, and a failure leaves the site as it was."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max
from django.utils.translation import gettext as _

from multitude import backups
from multitude.backups import BackupFailed, archive, files
from multitude.backups.archive import Manifest, Reader
from multitude.backups.making import ENGINES, Bar, secret_mark
from multitude.backups.snapshot import Advance
from multitude.backups.workshop import full, told, workshop
from multitude.caching import SITE, tell_listeners
from multitude.frontcaches import FrontCaches
from multitude.models import PurgeEvent

_ENGINE_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Restored(NamedTuple):
    """What was brought back."""

    manifest: Manifest
    rows: dict[str, int]
    files: int
    migrated: int
    """How many migrations this version has added to the backup's."""
    secret_is_known: bool
    """Whether the site has the secret with which the backup's links and sessions were signed."""


def check(path: Path, bar: Bar) -> Manifest:
    """Read a backup to its last byte and return what it says of itself. Raises ArchiveRefused."""
    with Reader(path) as reader:
        reader.verify(bar(_("Vérification"), path.stat().st_size))
        return reader.manifest


def destination() -> str:
    """Say in words what a restoration writes to: the database, the folder, and the pictures' storage where that is none."""
    words = {"database": _database(), "folder": settings.DATA_DIR, "storage": _storage()}
    if isinstance(default_storage, FileSystemStorage):
        return _("la base de données %(database)s et le dossier %(folder)s") % words
    return _("la base de données %(database)s, le dossier %(folder)s et le stockage d’images %(storage)s") % words


def _storage() -> str:
    """Return the name of the pictures' bucket, or what kind of storage it is: its options may hold a password."""
    storage = settings.STORAGES["default"]
    return str(storage.get("OPTIONS", {}).get("bucket_name", storage["BACKEND"]))


def _database() -> str:
    """Return the name of the database and of its server, without the account."""
    where = connection.settings_dict
    server = ":".join(str(where[name]) for name in ("HOST", "PORT") if where.get(name))
    return f"{where['NAME']} ({server})" if server else str(where["NAME"])


def restore(path: Path, *, replace: bool, bar: Bar) -> Restored:
    """Have the site be what a backup holds; what its database holds already is given up only to `replace` it.

    Raises ArchiveRefused or BackupFailed, and then nothing was changed.
    """
    engine = ENGINES[connection.vendor]
    with told(), Reader(path) as reader:
        manifest = reader.manifest
        _suits(manifest)
        if not replace and engine.holds_something():
            raise BackupFailed(
                _(
                    "La base de données %(database)s contient déjà quelque chose : ajoutez --replace pour la remplacer, après l’avoir sauvegardée."
                )
                % {"database": _database()}
            )
        reader.verify(bar(_("Vérification"), path.stat().st_size))
        last_purge = _last_purge()
        with workshop(Path(settings.DATA_DIR)) as folder:
            packed = _unpack(reader, folder)
            prepared = engine.prepare(packed, folder, manifest, _database_bar(_("Base de données"), bar))
            leftovers = set(manifest.leftovers)
            media = {member: name for member, name in reader.media.items() if name not in leftovers}
            with _all_or_none(reader, media, folder, bar):
                engine.put(prepared, manifest, _database_bar(_("Mise en place"), bar))
        _keep_secret(reader.secret())
    os.sync()
    rows = _rows(manifest)
    engine.settle()
    migrated = _migrate()
    _forget_what_was(last_purge)
    backups.mend(manifest.missing)
    return Restored(manifest, rows, len(media), migrated, _secret_is_known(manifest))


def _database_bar(label: str, bar: Bar) -> Callable[[int], Advance]:
    return lambda total: bar(label, total)


def _suits(manifest: Manifest) -> None:
    """Raise BackupFailed where this site cannot take the backup: another database, or an older version of Multitude."""
    if manifest.engine != connection.vendor:
        words = {"theirs": _ENGINE_NAMES[manifest.engine], "ours": _ENGINE_NAMES[connection.vendor]}
        raise BackupFailed(
            _(
                "Cette sauvegarde vient de %(theirs)s et ce site est sur %(ours)s : une sauvegarde ne change pas de base de données."
            )
            % words
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupFailed(
            _("Cette sauvegarde vient d’une version plus récente de Multitude (%(migration)s) : installez-la d’abord.")
            % {"migration": unknown[-1]}
        )
    ENGINES[connection.vendor].suits(manifest)


def _unpack(reader: Reader, folder: Path) -> Path:
    """Take the packed database out of the archive. Raises BackupFailed where the disk has no room for it, unpacked too."""
    name = archive.DATABASES[reader.manifest.engine]
    if shutil.disk_usage(folder).free < reader.members[name].size + reader.manifest.database_bytes:
        raise BackupFailed(full())
    packed = folder / name
    with packed.open("wb") as file:
        reader.copy(name, file)
    return packed


@contextmanager
def _all_or_none(reader: Reader, media: dict[str, str], folder: Path, bar: Bar) -> Iterator[None]:
    """Bring the files back, before the rows that name them; what is done inside fails with them taken away again."""
    changes = files.Changes(folder)
    try:
        changes.bring_back(reader, media, bar(_("Images"), len(media)))
        yield
    except BaseException:
        changes.take_back()
        raise


def _keep_secret(secret: bytes) -> None:
    """Have the site use the secret of the backup from its next start on, unless it is given one."""
    if not secret or os.environ.get("SECRET_KEY"):
        return
    draft = Path(settings.DATA_DIR) / ".secret-sauvegarde"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(_secret_path())


def _secret_path() -> Path:
    return Path(settings.DATA_DIR) / "secret"


def _secret_is_known(manifest: Manifest) -> bool:
    given = os.environ.get("SECRET_KEY")
    return secret_mark(given or _secret_path().read_text().strip()) == manifest.secret_mark


def _rows(manifest: Manifest) -> dict[str, int]:
    """Count what stands in the tables now."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        rows = {}
        for name in manifest.rows:
            cursor.execute(f"SELECT count(*) FROM {quote(name)}")  # noqa: S608  the names are those of our own tables
            (rows[name],) = cursor.fetchone()
    return rows


def _migrate() -> int:
    """Bring the tables to where this version expects them, and return how many steps that took. Raises BackupFailed."""
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:
        raise BackupFailed(
            _(
                "La sauvegarde est en place, mais sa mise à jour a échoué (%(reason)s). N’ouvrez pas le site : réglez cela, "
                "puis relancez manage.py restore --replace, qui finit ce qui suit une restauration."
            )
            % {"reason": error}
        ) from error
    return steps


def _last_purge() -> int:
    """Return the number of the last purge of the site that was there: what its processes may have read."""
    try:
        return PurgeEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    except DatabaseError:
        return 0


def _forget_what_was(last_purge: int) -> None:
    """Have this process, the web processes and the caches in front forget what they knew of the site that was there."""
    ContentType.objects.clear_cache()
    Site.objects.clear_cache()
    # After all numbers that a process which was not stopped may have read, or it would never read this one.
    PurgeEvent(pk=max(last_purge, _last_purge()) + 1, keys=SITE).save(force_insert=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [PurgeEvent]):
            cursor.execute(statement)
    tell_listeners(frozenset({SITE}))
    if settings.PURGE_URLS:
        caches = FrontCaches(settings.PURGE_URLS)
        caches.purge({SITE})
        caches.finish()
