"""`manage.py personal_data ADDRESS`: what is kept of a person who asks for it, by their e-mail; and what makes it go."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from comments import privacy


class Command(BaseCommand):
    """Give what is kept under an e-mail as JSON, or forget the e-mail."""

    help = _("Donne ce qui est gardé d’une personne, par son email, en JSON ; ou l’oublie avec --forget.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the e-mail, and what is to be done."""
        parser.add_argument("address", help=_("l’email de la personne"))
        parser.add_argument(
            "--forget", action="store_true", help=_("efface son email et son réseau de ses commentaires, et ses mails")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what stays."""
        if not options["forget"]:
            found = privacy.export(options["address"])
            self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
            return
        comments, mails = privacy.forget(options["address"])
        words = {"comments": comments, "mails": mails}
        self.stdout.write(_("Commentaires anonymisés : %(comments)s. Mails oubliés : %(mails)s.") % words)
        self.stdout.write(_("Les noms et textes publiés restent : retirez au bureau ceux qui doivent partir aussi."))
