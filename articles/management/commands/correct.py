"""`manage.py correct`: a dated public notice of what was wrong in an article."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import publishing, standing
from articles.management.commands._article import ArticleCommand
from articles.models import Article


class Command(ArticleCommand):
    """Publish a correction."""

    help = _("Publie un rectificatif sous un article.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the article, and the notice."""
        super().add_arguments(parser)
        parser.add_argument("body", metavar="TEXTE", help=_("ce qui est rectifié, en 1 000 caractères au plus"))

    def act(self, article: Article, options: dict[str, Any], by: User | None) -> str:
        """Publish the notice."""
        correction = publishing.correct(article_id=article.pk, body=options["body"], by=by)
        return _("Rectificatif daté du %(instant)s.") % {"instant": standing.instant_label(correction.corrected_at)}
