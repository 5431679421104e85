"""How the newsroom names an article: by its number, its slug, or the address of its page, present or former."""

import re

from django.db.models import Q, QuerySet

from articles.models import Article, FormerAddress

NUMBER = re.compile(r"[0-9]{1,18}")
_ADDRESS = re.compile(r"(?:.*/articles/)?(?P<slug>[-\w]+)(?:[/?#].*)?", re.ASCII)


def articles(typed: str) -> QuerySet[Article]:
    """Return the article that is named, as a query that finds one or none; figures alone are its number."""
    typed = typed.strip()
    if NUMBER.fullmatch(typed):
        return Article.objects.filter(pk=int(typed))
    if (found := _ADDRESS.fullmatch(typed)) is None:
        return Article.objects.none()
    former = FormerAddress.objects.filter(slug=found["slug"]).values("article_id")
    return Article.objects.filter(Q(slug=found["slug"]) | Q(pk__in=former))
