"""How the newsroom names what it looks for: an article by its number, its slug or its address; anything by its words."""

import re

from django.db.models import Q, QuerySet

from articles.models import Article, FormerAddress
from multitude import folding
from multitude.numerals import is_key

_ADDRESS = re.compile(r"(?:.*/articles/)?(?P<slug>[-\w]+)(?:[/?#].*)?", re.ASCII)


def articles(typed: str) -> QuerySet[Article]:
    """Return the article that is named, as a query that finds one or none; figures alone are its number."""
    typed = typed.strip()
    if is_key(typed):
        return Article.objects.filter(pk=int(typed))
    if (found := _ADDRESS.fullmatch(typed)) is None:
        return Article.objects.none()
    former = FormerAddress.objects.filter(slug=found["slug"]).values("article_id")
    return Article.objects.filter(Q(slug=found["slug"]) | Q(pk__in=former))


def folded(*texts: str) -> str:
    """Return texts as the desk's searches compare them: without case, accents and ligatures, apostrophes alike."""
    return folding.fold("\n".join(texts)).replace("’", "'")
