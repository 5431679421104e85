"""`manage.py create_editor`: the newsroom's first account, on a site that makes none by itself; `serve` calls it too."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

LOGIN = "redaction"


class Command(BaseCommand):
    """Create the first account, and say its password once."""

    help = _("Crée le premier compte de la rédaction et affiche son mot de passe, s'il n'y en a pas encore.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account, or say that there is one."""
        with transaction.atomic():
            password = create_editor()
        if password is None:
            raise CommandError(
                _(
                    "Un compte peut déjà administrer le journal. Mot de passe oublié ? manage.py changepassword %(login)s"
                )
                % {"login": LOGIN}
            )
        self.stdout.write(_("Identifiant :    %(login)s") % {"login": LOGIN})
        self.stdout.write(_("Mot de passe :   %(password)s") % {"password": password})
        self.stdout.write(_("Notez ce mot de passe : il ne sera plus affiché."))


def create_editor() -> str | None:
    """Create the newsroom's first account, and return its password; None if somebody can already administer."""
    users = get_user_model().objects
    if users.filter(Q(is_superuser=True) | Q(username=LOGIN)).exists():
        return None
    password = secrets.token_urlsafe(12)
    user = users.create_superuser(username=LOGIN, email="", password=password)
    user.groups.set(Group.objects.filter(name__in=["Modérateurs", "Rédacteurs"]))
    return password
