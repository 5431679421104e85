"""Where a backup is put together: a folder of its own on the disk that it will lie on, which nobody else may read.

A backup appears under its name once the disk holds all of it. What a program that was killed has left is cleared away by
the next one.
"""

import errno
import fcntl
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import DatabaseError
from django.utils.translation import gettext as _

from multitude.backups import BackupFailed

logger = logging.getLogger(__name__)

_PREFIX = ".sauvegarde-"
_LOCK = "verrou"
# Younger ones may belong to somebody who is just about to lock them.
_YOUNG_SECONDS = 60


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Give a new folder inside `folder`, for this account alone, that is gone at the end."""
    _clear(folder)
    with TemporaryDirectory(prefix=_PREFIX, dir=folder) as made, _lock(Path(made) / _LOCK):
        yield Path(made)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one who makes a scheduled backup in a folder. Raises BackupFailed where somebody else does."""
    try:
        with _lock(folder / f".{_LOCK}"):
            yield
    except BlockingIOError as error:
        words = {"folder": folder}
        raise BackupFailed(_("Une autre sauvegarde est en cours dans « %(folder)s ».") % words) from error


@contextmanager
def told() -> Iterator[None]:
    """Say in one French sentence what a disk or a database did not let one do. Raises BackupFailed."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise BackupFailed(full()) from error
        where = f"« {error.filename} » : " if error.filename else ""
        raise BackupFailed(
            _("Le disque a refusé : %(reason)s.") % {"reason": f"{where}{error.strerror or error}"}
        ) from error
    except (sqlite3.Error, DatabaseError) as error:
        if "disk is full" in str(error):
            raise BackupFailed(full()) from error
        reason = " ".join(str(error).split())
        raise BackupFailed(_("La base de données a refusé : %(reason)s") % {"reason": reason}) from error


def full() -> str:
    """Return what is said where a disk has no room left."""
    return _("Il n’y a plus de place sur le disque.")


def publish(draft: Path, path: Path) -> None:
    """Give what is written its name, which nothing else may have. Raises BackupFailed."""
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise BackupFailed(taken(path)) from error
    except OSError:
        # A disk that knows no links.
        draft.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def taken(path: Path) -> str:
    """Return what is said where a file is there already."""
    return _("« %(file)s » existe déjà : choisissez un autre nom.") % {"file": path}


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a file, where the disk knows locks. Raises BlockingIOError where somebody else does."""
    with path.open("w") as file:
        path.chmod(0o600)
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError as error:
            logger.warning("« %s » ne peut pas être verrouillé (%s).", path, error)
        yield


def _clear(folder: Path) -> None:
    """Clear away what programs that were killed have left in a folder."""
    for old in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime < _YOUNG_SECONDS:
                continue
            with (old / _LOCK).open() as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old)
