"""`manage.py export_decisions`: what the export of the admin gives, of any size, from a shell."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from comments import evidence
from comments.desk.export import ExportForm
from multitude.progress import Progress


class Command(BaseCommand):
    """Write decisions and what they judged to a file, or to the standard output."""

    help = _("Exporte des décisions, avec les textes jugés, en CSV ou en JSON.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the criteria of the form, and where to write."""
        parser.add_argument("--article", default="", help=_("numéro, adresse ou dernier mot de l’adresse"))
        parser.add_argument("--author-of", default="", help=_("numéro d’un commentaire de la personne"))
        parser.add_argument("--email", default="", help=_("email de la personne"))
        parser.add_argument("--since", default="", help=_("premier jour, comme 2026-11-01"))
        parser.add_argument("--until", default="", help=_("dernier jour, compris"))
        parser.add_argument("--all", action="store_true", dest="everything", help=_("toutes les décisions"))
        parser.add_argument("--format", default="csv", choices=sorted(evidence.FORMATS))
        parser.add_argument("--personal-data", action="store_true", help=_("avec les emails et les adresses réseau"))
        parser.add_argument("--output", type=Path, help=_("le fichier ; sinon la sortie standard"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what the options name, or say what is wrong with them."""
        form = ExportForm(options, personal=True)
        if not form.is_valid():
            raise CommandError(_sentences(form))
        with Progress(self.stderr, _("Décisions"), form.scope().decisions().count()) as progress:
            pieces = _pieces(form.scope(), options, progress)
            if options["output"]:
                _write(options["output"], pieces)
            else:
                for piece in pieces:
                    self.stdout.write(piece, ending="")


def _pieces(scope: evidence.Scope, options: dict[str, Any], progress: Progress) -> Iterator[str]:
    """Yield the file in pieces, and draw how far it is."""
    personal = options["personal_data"]

    def told() -> Iterator[evidence.Batch]:
        for batch in evidence.batches(scope, personal=personal):
            yield batch
            progress.advance(len(batch))

    return evidence.FORMATS[options["format"]](told(), personal=personal)


def _write(path: Path, pieces: Iterator[str]) -> None:
    """Write a file that appears under its name once it is complete, for this account alone."""
    draft = path.with_name(f"{path.name}.partiel")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(piece.encode() for piece in pieces)
        draft.replace(path)
    except OSError as error:
        words = {"file": path, "reason": error.strerror}
        raise CommandError(_("Impossible d’écrire « %(file)s » : %(reason)s.") % words) from error


def _sentences(form: ExportForm) -> str:
    """Return what is wrong with the options, each fault after the option's name."""
    return "\n".join(
        str(error) if name == "__all__" else f"--{name.replace('_', '-')} : {error}"
        for name, errors in form.errors.items()
        for error in errors
    )
