"""A believable newspaper, ready to open: the essay, twenty articles, their readers and comments, and a desk with work on it.

`--articles` and `--comments` make it as large as one wants: what they write is what the verbs
would have written, rendered texts, decisions, evidence and counts. A part of the comments waits at the desk,
of every kind that a newsroom receives.
"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import search
from articles.models import Article, Byline, DailyTally, Tagging
from comments.models import Comment, Decision, Evidence, Finding
from multitude import bulk
from multitude.caching import SITE, purge
from multitude.demo import archives, conversations, flood, newspaper
from multitude.progress import Progress
from multitude.sight import journal


def _size(text: str) -> int:
    """Read a number of rows, 0 or more."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(_("un nombre entier est attendu"))
    return int(text)


class Command(BaseCommand):
    """Write the demo newspaper; what is already there stays as it is."""

    help = _("Remplit le site d’un journal de démonstration, de la taille voulue.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, and whether to spare a site that has articles."""
        parser.add_argument("--articles", type=_size, default=0, help=_("nombre total d’articles"))
        parser.add_argument("--comments", type=_size, default=0, help=_("nombre total de commentaires"))
        parser.add_argument("--if-empty", action="store_true", help=_("ne rien faire si le site a déjà un article"))

    @journal.unlogged()
    def handle(self, *args: Any, **options: Any) -> None:
        """Write what is missing."""
        if options["if_empty"] and Article.objects.exists():
            return
        moderator = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
        moderator_id = moderator.pk if moderator else None
        call_command("loaddata", "essay", verbosity=0)
        newspaper.write_newspaper(now=timezone.now(), moderator_id=moderator_id)
        articles = max(0, options["articles"] - Article.objects.count())
        comments = max(0, options["comments"] - Comment.objects.count())
        if articles or comments:
            missing = round(flood.SHARE * options["comments"]) - Comment.objects.pending().count()
            waiting = min(comments, max(0, missing))
            if waiting:
                flood.watch(moderator)
            decided = conversations.grow(comments - waiting, moderator_id=moderator_id)
            with bulk.large_cache(), search.many():
                self._follow(_("Articles"), articles, archives.grow(articles))
                self._follow(
                    _("Commentaires"), comments, chain(decided, flood.grow(waiting, moderator_id=moderator_id))
                )
            bulk.analyze(Article, Byline, Tagging, DailyTally, Comment, Decision, Evidence, Finding)
            purge(SITE)
        if options["verbosity"]:
            count = {"articles": Article.objects.count(), "comments": Comment.objects.count()}
            self.stdout.write(_("%(articles)s articles, %(comments)s commentaires.") % count)

    def _follow(self, label: str, missing: int, batches: Iterator[int]) -> None:
        """Have the batches written, and draw how far they are."""
        if missing:
            with Progress(self.stderr, label, missing) as progress:
                for written in batches:
                    progress.advance(written)
