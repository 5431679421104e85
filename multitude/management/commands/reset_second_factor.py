"""`manage.py reset_second_factor ACCOUNT`: the way back in when the last administrator has lost the second factor."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from multitude.accounts import factors


class Command(BaseCommand):
    """Take an account's second factors away, and end its sessions."""

    help = _("Retire le second facteur d’un compte et ferme ses sessions ; le mot de passe reste le même.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name that one logs in with."""
        parser.add_argument("account", help=_("le nom par lequel le compte se connecte"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it, and say so."""
        name = options["account"].replace("\x00", "")
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("Aucun compte ne s’appelle « %(name)s ».") % {"name": name})
        if factors.reset(user, by=_("une commande")):
            self.stdout.write(
                _("Le second facteur de « %(name)s » est retiré, ses sessions sont fermées.") % {"name": name}
            )
        else:
            self.stdout.write(_("« %(name)s » n’avait pas de second facteur.") % {"name": name})
