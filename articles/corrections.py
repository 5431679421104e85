"""Corrections as readers see them: under their article, and on the page that lists them all."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.template.loader import render_to_string

from articles.models import Article, Correction


def notices(corrections: Sequence[Correction]) -> str:
    """Return what an article's page shows of its corrections, which come newest first; nothing where there are none."""
    if not corrections:
        return ""
    return render_to_string("articles/_corrections.html", {"corrections": corrections}).strip()


def public() -> QuerySet[Correction]:
    """Return the corrections of the articles that readers may see, newest first, with how these are named."""
    of_public_ones = Correction.objects.filter(article__in=Article.objects.published()).select_related("article")
    return of_public_ones.only("body_html", "corrected_at", "article__slug", "article__display_headline")
