"""The files that rows name, in the storage that the site is configured with, whether that is a folder or not.

A file is there before a row names it, and goes after the last row that did (`articles.pictures`). So what is read before the
database, and what is new in it after, is all that the database names, but for what goes in the moment between the two.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

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
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and not model._meta.proxy:
                column, table = quote(str(field.column)), quote(model._meta.db_table)
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


def bring_back(
    reader: Reader, media: dict[str, str], folder: Path, added: list[str], advance: Callable[[int], object]
) -> None:
    """Put members of an archive into the storage under their names; those that were not there are noted in `added`.

    A file that is there and the same is left; one that is damaged is put right.
    """
    for member, name in media.items():
        if default_storage.exists(name):
            if _digest(name) == reader.digest(member):
                advance(1)
                continue
            default_storage.delete(name)
        added.append(name)
        with SpooledTemporaryFile(_IN_MEMORY, dir=str(folder)) as file:
            reader.copy(member, file)
            file.seek(0)
            kept = default_storage.save(name, File(file, name))
        if kept != name:
            added.append(kept)
            words = {"name": name, "other": kept}
            raise BackupFailed(_("Le stockage a rangé « %(name)s » sous « %(other)s » : rien n’a été changé.") % words)
        advance(1)


def take_back(names: Iterable[str]) -> None:
    """Delete files that were brought back for nothing, as far as the storage lets one."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # noqa: S112  each storage has errors of its own, and the first one is told
            continue


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
