"""Drop what must not be kept: run it every day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import privacy


class Command(BaseCommand):
    """Drop the e-mail and the network of comments older than 90 days."""

    help = _("Efface l’email et l’adresse réseau des commentaires de plus de 90 jours.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the retention and say how many comments it concerned."""
        count = privacy.apply_retention()
        self.stdout.write(
            ngettext("%(count)s commentaire anonymisé.", "%(count)s commentaires anonymisés.", count) % {"count": count}
        )
