"""Corrections as readers see them: under their article, and on the page that lists them all."""

import re
from collections.abc import Sequence

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.html import escape

from articles.models import Article, Correction
from multitude import typography


def render(body: str) -> str:
    """Return a correction's text as safe HTML: typographed, its paragraphs and line ends kept."""
    text = typography.typeset(body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    paragraphs = re.split(r"\n[ \t]*\n\s*", text)
    return "".join(f"<p>{escape(paragraph).replace('\n', '<br>')}</p>" for paragraph in paragraphs)


def notices(corrections: Sequence[Correction]) -> str:
    """Return what an article's page shows of its corrections, which come newest first; nothing where there are none."""
    if not corrections:
        return ""
    return render_to_string("articles/_corrections.html", {"corrections": corrections}).strip()


def public() -> QuerySet[Correction]:
    """Return the corrections of the articles that readers may see, newest first, with how these are named."""
    of_public_ones = Correction.objects.filter(article__in=Article.objects.published()).select_related("article")
    return of_public_ones.only("body_html", "corrected_at", "article__slug", "article__display_headline")
