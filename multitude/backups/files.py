"""The files that rows name, in the storage that the site is configured with, whether that is a folder or not.

A file is there before a row names it, and goes after the last row that did (`articles.pictures`). So what is read before the
database, and what is new in it after, is all that the database names, but for what goes in the moment between the two.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField
from django.utils.translation import gettext as _

from multitude.backups import BackupFailed
from multitude.backups.archive import CHUNK, Reader, Writer, member_of

# A larger file is held on the disk while its length is found out.
_IN_MEMORY = 4 * CHUNK


def named(execute: Callable[..., Iterable[Any]]) -> Iterator[str]:
    """Yield the names of the files that rows name; `execute` runs one statement and returns its rows."""
    quote = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.concrete_fields:
            if isinstance(each, FileField) and not model._meta.proxy:
                column, table = quote(str(each.column)), quote(model._meta.db_table)
                yield from (name for (name,) in execute(f"SELECT {column} FROM {table} WHERE {column} <> ''"))  # noqa: S608


def store(names: Iterable[str], writer: Writer, folder: Path, advance: Callable[[int], object]) -> set[str]:
    """Add files to an archive, one after the other, and return the names of those that were there."""
    stored = set()
    for name in sorted(names):
        with SpooledTemporaryFile(_IN_MEMORY, dir=str(folder)) as file, suppress(FileNotFoundError):
            for chunk in _chunks(name):
                file.write(chunk)
            size = file.tell()
            file.seek(0)
            writer.add(member_of(name), file, size)
            stored.add(name)
        advance(1)
    return stored


@dataclass
class Changes:
    """What is done to the storage by a restoration, until it is known that it holds."""

    folder: Path
    """Where what is replaced is kept."""
    _added: list[str] = field(default_factory=list)
    _replaced: dict[str, Path] = field(default_factory=dict)

    def bring_back(self, reader: Reader, media: dict[str, str], advance: Callable[[int], object]) -> None:
        """Put members of an archive into the storage under their names; a file that is there and the same is left."""
        for member, name in media.items():
            if not (is_there := default_storage.exists(name)) or _digest(name) != reader.digest(member):
                if is_there:
                    self._keep_aside(name)
                with SpooledTemporaryFile(_IN_MEMORY, dir=str(self.folder)) as file:
                    reader.copy(member, file)
                    file.seek(0)
                    self._put(name, file)
            advance(1)

    def take_back(self) -> None:
        """Have the storage hold what it held before, as far as it lets one."""
        for name in [*self._added, *self._replaced]:
            # Each storage has errors of its own, and the first one is told.
            with suppress(Exception):
                default_storage.delete(name)
        for name, kept in self._replaced.items():
            with suppress(Exception), kept.open("rb") as file:
                if not default_storage.exists(name):
                    default_storage.save(name, File(file, name))

    def _keep_aside(self, name: str) -> None:
        kept = self.folder / f"remplace-{len(self._replaced)}"
        with kept.open("wb") as copy:
            for chunk in _chunks(name):
                copy.write(chunk)
        self._replaced[name] = kept
        default_storage.delete(name)

    def _put(self, name: str, file: IO[bytes]) -> None:
        self._added.append(name)
        stored = default_storage.save(name, File(file, name))
        if stored != name:
            self._added.append(stored)
            words = {"name": name, "other": stored}
            raise BackupFailed(_("Le stockage a rangé « %(name)s » sous « %(other)s » : rien n’a été changé.") % words)


def _chunks(name: str) -> Iterator[bytes]:
    """Yield a file of the storage in pieces. Raises FileNotFoundError where it is gone, BackupFailed where none can be read."""
    try:
        with default_storage.open(name) as file:
            yield from file.chunks(CHUNK)
    except FileNotFoundError:
        raise
    except Exception as error:  # each storage has errors of its own
        try:
            is_gone = not default_storage.exists(name)
        except Exception:
            is_gone = False
        if is_gone:
            raise FileNotFoundError(name) from error
        words = {"name": name, "reason": error}
        raise BackupFailed(_("Le stockage n’a pas donné « %(name)s » : %(reason)s") % words) from error


def _digest(name: str) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(name):
        digest.update(chunk)
    return digest.hexdigest()
