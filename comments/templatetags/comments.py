"""What an article's page takes from comments: its thread and its form."""

import functools
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles.models import Article
from comments import newsroom, threads
from comments.forms import CommentForm

register = template.Library()


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def thread(context: template.Context, article: Article) -> dict[str, Any]:
    """Show the page of the thread that the page's number asks for; one beyond the last is a 404.

    On top of the first one, where it holds anything, stands what the newsroom has chosen.
    """
    page = threads.load(article, context["page_number"])
    has_top = page.html and not page.has_previous
    return {"article": article, "thread": page, "selection": newsroom.selection(article) if has_top else []}


@register.simple_tag
def comment_form() -> str:
    """Show the empty form."""
    return _empty_form(get_language())


@functools.cache
def _empty_form(language: str | None) -> str:
    """Render the empty form, once for each language: its address is relative, so it is the same under every article."""
    return render_to_string("comments/_form.html", {"form": CommentForm(action="commentaires/"), "parent": None})
