"""`manage.py render_pictures`: the renditions of pictures made now, rather than by the web processes beside answering."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import renditions
from articles.models import Picture


class Command(BaseCommand):
    """Make what waits, and what was given up; with `--again`, everything."""

    help = _(
        "Décline dès maintenant, en AVIF, WebP et JPEG, les images qui attendent de l’être ou que l’on avait abandonnées."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the option that begins anew."""
        parser.add_argument("--again", action="store_true", help=_("refait toutes les images"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them one after the other; those that fail are in the log, and counted here."""
        renditions.forget(Picture.objects.all() if options["again"] else renditions.given_up())
        made = renditions.make_waiting()
        told = ngettext("%(count)s image déclinée.", "%(count)s images déclinées.", made) % {"count": made}
        self.stdout.write(told if made else _("Aucune image n’a été déclinée."))
        if left := Picture.objects.filter(rendered_at__isnull=True).count():
            told = ngettext("%(count)s ne l’est pas.", "%(count)s ne le sont pas.", left) % {"count": left}
            self.stderr.write(told)
