"""`manage.py backup`: the whole newspaper in one file, while it is read and written."""

import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from multitude import backups
from multitude.backups import BackupFailed
from multitude.backups.archive import ArchiveRefused
from multitude.backups.making import Made, make, make_in
from multitude.progress import bars
from multitude.sight import journal

KEPT = 14


class Command(BaseCommand):
    """Make a backup, in a file of that name or, for a timer, in a folder that keeps the latest."""

    help = _("Sauvegarde tout le journal dans un seul fichier, sans arrêter le site.")

    # They ask the database what it can do, and one that does not answer is told in a sentence here.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file, or a folder and how many backups it keeps."""
        parser.add_argument("file", nargs="?", type=Path, help=_("le fichier à écrire, comme /var/backups/journal.tar"))
        parser.add_argument("--folder", type=Path, help=_("le dossier des sauvegardes datées"))
        parser.add_argument(
            "--keep", type=int, default=KEPT, help=_("combien de sauvegardes datées sont gardées (14 par défaut)")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what is in it, or say in one sentence why there is none."""
        file, folder, keep = options["file"], options["folder"], options["keep"]
        if (file is None) == (folder is None):
            raise CommandError(_("Donnez un fichier, ou --folder et un dossier."))
        if keep < 1:
            raise CommandError(_("--keep : au moins 1."))
        # Whoever is told to end clears up first.
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            with bars(self.stderr) as bar:
                made = make(file.absolute(), bar) if file else make_in(folder.absolute(), keep=keep, bar=bar)
        except (BackupFailed, ArchiveRefused) as error:
            if folder:
                _note(str(error))
            journal.act("backup.fail", scheduled=folder is not None)
            raise CommandError(str(error)) from error
        finally:
            signal.signal(signal.SIGTERM, before)
        if folder:
            _note()
        journal.act("backup.make", bytes=made.bytes, files=made.manifest.files, scheduled=folder is not None)
        self._tell(made)

    def _tell(self, made: Made) -> None:
        """Say what is in it, and what is not."""
        manifest = made.manifest
        self.stdout.write(f"{made.path} : {filesizeformat(made.bytes)}")
        self.stdout.write(counted(sum(manifest.rows.values()), len(manifest.rows), manifest.files))
        if manifest.missing:
            self.stderr.write(lost(manifest.missing))
        if manifest.orphans:
            self.stderr.write(
                _("Lignes qui en désignent d’autres, introuvables : %(count)s.") % {"count": manifest.orphans}
            )
        if made.holds_secret:
            self.stdout.write(
                _(
                    "Elle contient des données personnelles et le secret du site : chiffrez-la avant qu’elle quitte cette machine."
                )
            )
        else:
            self.stdout.write(
                _("Elle contient des données personnelles : chiffrez-la avant qu’elle quitte cette machine. "
                  "SECRET_KEY n’y est pas : gardez-le à part.")
            )  # fmt: skip


def counted(rows: int, tables: int, files: int) -> str:
    """Say how much a backup holds."""
    words = {"rows": rows, "tables": tables, "files": files}
    return _("Lignes : %(rows)s, dans %(tables)s tables. Fichiers d’images : %(files)s.") % words


def lost(names: list[str]) -> str:
    """Say which files rows name that were not there."""
    told = ngettext(
        "%(count)s fichier que la base désigne n’était plus dans le stockage :",
        "%(count)s fichiers que la base désigne n’étaient plus dans le stockage :",
        len(names),
    ) % {"count": len(names)}
    return "\n".join([told, *(f"  {name}" for name in names[:20]), *(["  …"] if len(names) > 20 else [])])


def _note(failure: str = "") -> None:
    """Keep what became of it, where the database lets one; an old date says enough where it does not."""
    with suppress(DatabaseError):
        backups.note(failure)
