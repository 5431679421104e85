"""The addresses of articles: one word each, drawn from the title, and never given to two.

An address that an article had leads to it for ever, so nobody else may have it either.
"""

from itertools import chain

from django.utils.text import slugify

from articles.models import Article, FormerAddress

# What is left of a title, so that there is room for a number behind it.
STEM_LENGTH = 100


def is_taken(slug: str, article_id: int | None) -> bool:
    """Return whether another article than the one of this key, if it has one, has that address, or had it."""
    # In this order: an article that leaves the address meanwhile is found by the one question or by the other.
    held = Article.objects.filter(slug=slug).exclude(pk=article_id or 0)
    return held.exists() or FormerAddress.objects.filter(slug=slug).exclude(article_id=article_id or 0).exists()


def drawn_from(headline: str, article_id: int | None) -> str:
    """Return a free address that says what a title says, numbered where the plain one is taken."""
    stem = slugify(headline)[:STEM_LENGTH].strip("-") or "article"
    held = Article.objects.filter(slug__startswith=stem).exclude(pk=article_id or 0)
    left = FormerAddress.objects.filter(slug__startswith=stem).exclude(article_id=article_id or 0)
    taken = set(chain(held.values_list("slug", flat=True), left.values_list("slug", flat=True)))
    candidates = chain([stem], (f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
