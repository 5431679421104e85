"""`manage.py publish`: what «Mettre en ligne» and «Programmer…» do at the desk."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from articles import publishing, standing
from articles.desk.steps import InstantForm
from articles.management.commands._article import ArticleCommand
from articles.models import Article


class Command(ArticleCommand):
    """Make an article public, now or at an hour to come."""

    help = _("Met un article en ligne, maintenant ou à l’heure voulue.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the article, and the hour."""
        super().add_arguments(parser)
        parser.add_argument("--at", help=_("jour et heure à Paris, comme « 2026-12-01 06:00 »"))

    def act(self, article: Article, options: dict[str, Any], by: User | None) -> str:
        """Publish, or schedule."""
        at = None
        if options["at"] is not None:
            form = InstantForm({"at": options["at"]})
            if not form.is_valid():
                raise CommandError("\n".join(f"--at : {error}" for error in form.errors["at"]))
            at = form.cleaned_data["at"]
        return standing.in_words(publishing.publish(article_id=article.pk, at=at, by=by))
