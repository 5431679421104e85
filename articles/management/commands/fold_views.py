"""Add the readings that wait in memory to the rows of the days, without waiting for the next ten seconds."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles import popularity


class Command(BaseCommand):
    """Fold the readings of this process, and have every web process fold its own."""

    help = _("Ajoute dès maintenant aux articles les lectures que chaque processus garde en mémoire.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold, and ask the others: they do so within two seconds."""
        popularity.fold()
        popularity.ask_all_to_fold()
