"""`manage.py send_digest`: the digest that web processes send by themselves, from a timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from comments.notifications import NotAllTold, send_digest_if_due


class Command(BaseCommand):
    """Tell moderators what waits, those for whom it is time and something came."""

    help = _("Envoie aux modérateurs l’avis des commentaires qui attendent, s’il est temps et s’il y en a de nouveaux.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many were told."""
        try:
            count = send_digest_if_due()
        except NotAllTold as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(_("Avis envoyés : %(count)d.") % {"count": count})
