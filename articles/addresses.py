"""The addresses of articles, authors and sections: a few words each, drawn from a title or a name, and never given to two.

An address that an article had leads to it for ever, so nobody else may have it either.
"""

from collections.abc import Iterable
from itertools import chain

from django.utils.text import slugify

from articles.models import Article, FormerAddress
from multitude import folding

# What is left of a title, so that there is room for a number behind it.
STEM_LENGTH = 100


def in_words(text: str) -> str:
    """Return what an address keeps of a text: its words without accents, ligatures in two letters, whatever stood between them.

    An apostrophe parts two words: «L’œuvre d’où» is `l-oeuvre-d-ou`.
    """
    return slugify(" ".join(folding.words(folding.fold(text))))


def free(stem: str, taken: Iterable[str]) -> str:
    """Return an address that is not taken, numbered where the plain one is."""
    held = set(taken)
    candidates = chain([stem], (f"{stem}-{number}" for number in range(2, len(held) + 3)))
    return next(slug for slug in candidates if slug not in held)


def is_taken(slug: str, article_id: int | None) -> bool:
    """Return whether another article than the one of this key, if it has one, has that address, or had it."""
    # In this order: an article that leaves the address meanwhile is found by the one question or by the other.
    held = Article.objects.filter(slug=slug).exclude(pk=article_id or 0)
    return held.exists() or FormerAddress.objects.filter(slug=slug).exclude(article_id=article_id or 0).exists()


def drawn_from(headline: str, article_id: int | None) -> str:
    """Return a free address that says what an article's title says."""
    stem = in_words(headline)[:STEM_LENGTH].strip("-") or "article"
    held = Article.objects.filter(slug__startswith=stem).exclude(pk=article_id or 0)
    left = FormerAddress.objects.filter(slug__startswith=stem).exclude(article_id=article_id or 0)
    return free(stem, chain(held.values_list("slug", flat=True), left.values_list("slug", flat=True)))
