"""How one looks for something at the desk: by words, whatever their case and accents; an article by its address or number too."""

from django.db.models import Model, Q, QuerySet

from articles import naming
from articles.models import Article, Byline
from multitude.deskrequests import MOST_WORDS
from multitude.numerals import is_key

# More would be no search, and more than a database reads as one question.
MOST_TYPED = 500


def search(articles: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """Keep the articles that hold every word that was typed, or the one whose address was pasted; nothing typed keeps all."""
    typed = typed.replace("\x00", "").strip()[:MOST_TYPED]
    if "/" in typed:
        return articles.filter(pk__in=naming.articles(typed).values("pk"))
    for word in _words(typed):
        articles = articles.filter(_says(word))
    return articles


def holding[M: Model](rows: QuerySet[M], typed: str) -> QuerySet[M]:
    """Keep the rows, authors, tags or pictures, that hold every word that was typed; nothing typed keeps all."""
    for word in _words(typed.replace("\x00", "")[:MOST_TYPED]):
        rows = rows.filter(folded__contains=word)
    return rows


def _words(typed: str) -> list[str]:
    return naming.folded(typed).split()[:MOST_WORDS]


def _says(word: str) -> Q:
    """Return the condition that an article's head, or a name under it, holds a folded word."""
    signed = Byline.objects.filter(author__folded__contains=word).values("article_id")
    condition = Q(folded__contains=word) | Q(pk__in=signed)
    if is_key(word):
        condition |= Q(pk=int(word))
    return condition
