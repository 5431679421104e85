"""What the admin's start page takes from articles."""

from django import template

from articles.desk import legal, waiting

register = template.Library()


@register.inclusion_tag("admin/articles/_waiting.html", takes_context=True)
def waiting_articles(context: template.Context) -> dict[str, object]:
    """Show what waits for the account that is logged in."""
    return {"piles": waiting.piles(context["user"])}


@register.inclusion_tag("admin/articles/legalpage/_incomplete.html", takes_context=True)
def incomplete_legal_pages(context: template.Context) -> dict[str, object]:
    """Show which legal pages the account that is logged in has still to complete."""
    return {"pages": legal.incomplete(context["user"])}
