"""What an article's page takes from comments: its thread and its form."""

from typing import Any

from django import template

from articles.models import Article
from comments import threads
from comments.forms import CommentForm

register = template.Library()


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def thread(context: template.Context, article: Article) -> dict[str, Any]:
    """Show the page of the thread that the page's number asks for; one beyond the last is a 404."""
    return {"article": article, "thread": threads.load(article, context["page_number"])}


@register.inclusion_tag("comments/_form.html")
def comment_form(article: Article) -> dict[str, Any]:
    """Show the empty form."""
    return {"article": article, "form": CommentForm(article=article), "parent": None}
