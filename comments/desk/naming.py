"""How one names an article at the desk: by its number, its slug, or the address of its page."""

import re

from django.db.models import QuerySet

from articles.models import Article

NUMBER = re.compile(r"[0-9]{1,18}")
_ADDRESS = re.compile(r"(?:.*/articles/)?(?P<slug>[-\w]+)(?:[/?#].*)?", re.ASCII)


def articles(typed: str) -> QuerySet[Article]:
    """Return the article that is named, as a query that finds one or none; figures alone are its number."""
    typed = typed.strip()
    if NUMBER.fullmatch(typed):
        return Article.objects.filter(pk=int(typed))
    found = _ADDRESS.fullmatch(typed)
    return Article.objects.filter(slug=found["slug"]) if found else Article.objects.none()
