"""`manage.py restore`: a newspaper out of a backup, on this machine or another."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from multitude.backups import BackupFailed
from multitude.backups.archive import ArchiveRefused, Manifest
from multitude.backups.restoring import Restored, check, destination, restore
from multitude.labels import day_label, hour_label
from multitude.management.commands.backup import counted, lost
from multitude.progress import bars
from multitude.sight import journal


class Command(BaseCommand):
    """Check a backup, then have the site be what it holds."""

    help = _("Restaure une sauvegarde, après l’avoir vérifiée jusqu’au dernier octet.")

    # They would ask tables that are still to come.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what may become of what is there."""
        parser.add_argument("file", type=Path, help=_("le fichier que manage.py backup a écrit"))
        parser.add_argument("--replace", action="store_true", help=_("remplace ce que la base de données contient"))
        parser.add_argument("--check", action="store_true", help=_("vérifie seulement, et ne change rien"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was brought back, or say in one sentence why nothing was."""
        path = options["file"].absolute()
        try:
            with bars(self.stderr) as bar:
                if options["check"]:
                    manifest = check(path, bar)
                    self.stdout.write(_("Sauvegarde entière, du %(instant)s.") % {"instant": _instant(manifest)})
                    self.stdout.write(counted(sum(manifest.rows.values()), len(manifest.rows), manifest.files))
                    return
                self.stdout.write(_("Restauration dans %(places)s.") % {"places": destination()})
                restored = restore(path, replace=options["replace"], bar=bar)
        except (ArchiveRefused, BackupFailed) as error:
            raise CommandError(str(error)) from error
        journal.act("backup.restore", rows=sum(restored.rows.values()), files=restored.files)
        self._tell(restored)

    def _tell(self, restored: Restored) -> None:
        """Say what each table has now, beside what the backup had; they are equal, or nothing would be there."""
        manifest = restored.manifest
        for name, count in restored.rows.items():
            self.stdout.write(f"{count:>12}  {name}")
        self.stdout.write(counted(sum(restored.rows.values()), len(restored.rows), restored.files))
        self.stdout.write(
            _("Sauvegarde du %(instant)s restaurée, comptes et intégrité vérifiés.") % {"instant": _instant(manifest)}
        )
        if restored.migrated:
            told = ngettext("%(count)s migration appliquée.", "%(count)s migrations appliquées.", restored.migrated)
            self.stdout.write(told % {"count": restored.migrated})
        if manifest.missing:
            self.stderr.write(lost(manifest.missing))
        if not restored.secret_is_known:
            self.stderr.write(
                _(
                    "SECRET_KEY n’est pas celui de la sauvegarde : liens d’aperçu et de modification des mots de passe ne valent plus."
                )
            )
        self.stdout.write(_("Toutes les sessions sont fermées : chacun se connecte de nouveau."))
        self.stdout.write(
            _("Redémarrez le site : ce qui tournait pendant la restauration garde en mémoire l’ancien journal.")
        )


def _instant(manifest: Manifest) -> str:
    """Say when a backup was made."""
    at = datetime.fromisoformat(manifest.made_at)
    return _("%(day)s à %(hour)s") % {"day": day_label(at), "hour": hour_label(at)}
