"""How one looks for an article at the desk: by words of its head and of who signed it, by its address, by its number."""

from django.db.models import Q, QuerySet

from articles import naming
from articles.models import Article, Byline

# More would be no search, and more than a database reads as one question.
MOST_WORDS = 12
MOST_TYPED = 500


def search(articles: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """Keep the articles that hold every word that was typed, or the one whose address was pasted; nothing typed keeps all."""
    typed = typed.replace("\x00", "").strip()[:MOST_TYPED]
    if "/" in typed:
        return articles.filter(pk__in=naming.articles(typed).values("pk"))
    for word in typed.split()[:MOST_WORDS]:
        articles = articles.filter(_says(word))
    return articles


def _says(word: str) -> Q:
    """Return the condition that an article's head, or a name under it, holds a word, however its apostrophe is written."""
    signed = Byline.objects.filter(author__name__icontains=word).values("article_id")
    condition = Q(pk__in=signed)
    for spelling in {word, word.replace("’", "'"), word.replace("'", "’")}:
        condition |= Q(headline__icontains=spelling) | Q(standfirst__icontains=spelling)
    if naming.NUMBER.fullmatch(word):
        condition |= Q(pk=int(word))
    return condition
