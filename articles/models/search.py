"""What the search index holds of an article besides its words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class SearchEntry(models.Model):
    """An article's place in the search index; the words themselves are where each database looks for words best.

    That is the virtual table `articles_search` in SQLite, whose rows have `key` as their number, and the column `vector`
    of this table in PostgreSQL: migration 0003_search. Written by `articles.search` alone.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="+")
    key = models.BigIntegerField(unique=True)
    """Greater for what was published later; of two in the same second, for the later article."""
    digest = models.CharField(max_length=32)
    """Of all that is indexed, so that what stays the same is not written again."""

    class Meta:
        verbose_name = _("entrée de la recherche")
        verbose_name_plural = _("entrées de la recherche")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article_id)
