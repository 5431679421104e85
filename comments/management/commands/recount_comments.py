"""Count the desk's lanes anew, for a database that was written to by other means than the site."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from comments import counters


class Command(BaseCommand):
    """Count the comments of every lane."""

    help = _("Compte à nouveau les commentaires de chaque file du bureau de modération.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many stand where."""
        counters.recount()
        for lane, number in counters.numbers().items():
            self.stdout.write(f"{lane.label} : {number}")
