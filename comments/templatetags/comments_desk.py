"""What the admin's pages of articles, and its start page, take from comments; who may see comments is the page's affair."""

from typing import Any

from django import template

from articles.models import Article
from comments import counters
from comments.models import Comment

register = template.Library()

LAST = 5
_WAITING = (Comment.Lane.PENDING, Comment.Lane.SUSPECT, Comment.Lane.ESCALATED)


@register.inclusion_tag("admin/comments/_last.html")
def last_comments(article: Article) -> dict[str, Any]:
    """Show the last comments on an article, whatever became of them, and lead to all of them at the desk."""
    newest = Comment.objects.filter(article=article).order_by("-submitted_at", "-pk")
    return {"article": article, "comments": newest.only("author_name", "body", "submitted_at", "status")[:LAST]}


@register.inclusion_tag("admin/comments/_waiting.html")
def waiting_comments() -> dict[str, Any]:
    """Show how many comments wait in each lane, and lead to them."""
    numbers = counters.numbers()
    return {"lanes": [(lane, numbers[lane]) for lane in _WAITING]}
