"""`manage.py chores`: does once whatever is due of what is done now and then, for a timer to call every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from multitude.background import heartbeats, housekeeping


class Command(BaseCommand):
    """Do what is due; two that are called at once share it."""

    help = _(
        "Fait une fois ce qui est dû : classements, départs, avis, effacements. Une minuterie l’appelle chaque minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done; ends with an error where something failed."""
        done, failed = housekeeping.do_due()
        heartbeats.beat("chores", heartbeats.Role.TIMER)
        if options["verbosity"]:
            self.stdout.write(_("Fait : %(names)s.") % {"names": ", ".join(done) or _("rien n’était dû")})
        if failed:
            raise CommandError(_("En échec : %(names)s.") % {"names": ", ".join(failed)})
