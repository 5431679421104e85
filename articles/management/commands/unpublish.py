"""`manage.py unpublish`: what «Dépublier» does at the desk."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import publishing, standing
from articles.management.commands._article import ArticleCommand
from articles.models import Article


class Command(ArticleCommand):
    """Withdraw an article from the public."""

    help = _("Retire un article de la publication ; celui qui n’a pas paru redevient un brouillon.")

    def act(self, article: Article, options: dict[str, Any], by: User | None) -> str:
        """Withdraw it."""
        return standing.in_words(publishing.unpublish(article_id=article.pk, by=by))
