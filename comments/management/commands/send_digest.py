"""`manage.py send_digest`: the digest that a chore writes every minute, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from comments.notifications import send_digest_if_due


class Command(BaseCommand):
    """Tell moderators what waits, those for whom it is time and something came."""

    help = _("Envoie aux modérateurs l’avis des commentaires qui attendent, s’il est temps et s’il y en a de nouveaux.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the mails into the outbox, and say how many there are."""
        count = send_digest_if_due()
        if options["verbosity"]:
            self.stdout.write(_("Avis confiés à l’envoi : %(count)d.") % {"count": count})
