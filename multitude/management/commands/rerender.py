"""`manage.py rerender`: what is stored as HTML, rendered again by the templates and rules of this version."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.models import Article
from articles.rendering import rerender as rerender_articles
from comments.models import Comment
from comments.rendering import rerender as rerender_comments
from multitude.caching import SITE, purge
from multitude.progress import Progress


class Command(BaseCommand):
    """Render articles and comments again, while the site serves."""

    help = _("Remet en forme tous les articles et les commentaires déjà enregistrés, sans arrêter le site.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through both, batch by batch."""
        with Progress(self.stderr, _("Articles"), Article.objects.count()) as progress:
            for count in rerender_articles():
                progress.advance(count)
        with Progress(self.stderr, _("Commentaires"), Comment.objects.count()) as progress:
            for count in rerender_comments():
                progress.advance(count)
        purge(SITE)
