"""What an article's page takes from comments: its thread, and its form or why there is none."""

import functools
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles.models import Article
from comments import closing, house, newsroom, structured_data, threads
from comments.forms import CommentForm
from multitude.caching import depends_on

register = template.Library()


@register.simple_tag(takes_context=True)
def commenting(context: template.Context, article: Article) -> closing.Standing:
    """Return where the article's comments stand, and have the page follow what may change that."""
    standing = closing.of(article)
    depends_on(context["request"], house.KEY, until=standing.next_change)
    return standing


@register.simple_tag(takes_context=True)
def conversations(context: template.Context, article: Article, standing: closing.Standing) -> threads.Thread:
    """Return the page of the thread that the page's number asks for; one beyond the last is a 404."""
    return threads.load(article, context["page_number"], is_closed=standing.is_closed)


@register.simple_tag
def comments_for_machines(page: threads.Thread) -> list[dict[str, Any]]:
    """Return what machines are told of a page of a thread."""
    return structured_data.comments(page)


@register.inclusion_tag("comments/_thread.html")
def thread(article: Article, standing: closing.Standing, page: threads.Thread) -> dict[str, Any]:
    """Show a page of a thread; on top of the first one, where it holds anything, stands what the newsroom has chosen."""
    selection = newsroom.selection(article) if page.html and page.number == 1 else []
    return {"article": article, "thread": page, "selection": selection, "standing": standing}


@register.inclusion_tag("comments/_thread.html")
def empty_thread(article: Article, standing: closing.Standing) -> dict[str, Any]:
    """Show the thread of an article that nobody has read yet, whatever stands under it already."""
    nothing = threads.Thread("", 1, has_next=False, url=article.get_absolute_url())
    return {"article": article, "thread": nothing, "selection": [], "standing": standing}


@register.simple_tag
def comment_form(standing: closing.Standing) -> str:
    """Show the empty form, or why there is none."""
    if standing.is_closed:
        return render_to_string("comments/_closed.html", {"standing": standing})
    return _empty_form(get_language(), standing.closes_at if standing.is_ending else None)


@functools.lru_cache(maxsize=32)
def _empty_form(language: str | None, closes_at: datetime | None) -> str:
    """Render the empty form, once for each language and hour: its address is relative, so it is the same under every article."""
    context = {"form": CommentForm(action="commentaires/"), "parent": None, "closes_at": closes_at}
    return render_to_string("comments/_form.html", context)
