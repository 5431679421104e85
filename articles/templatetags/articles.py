"""What templates say of articles: the menu, the side rankings, and counts in words."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

from articles import menu, popularity
from articles.models import Section

register = template.Library()


@register.simple_tag
def sections() -> list[Section]:
    """Return the sections in the order of the menu."""
    return menu.sections()


@register.inclusion_tag("articles/_rankings.html")
def rankings() -> dict[str, Any]:
    """Show this week's most read and most commented articles side by side."""
    week = popularity.Period.WEEK
    return {"most_read": popularity.most_read(week), "most_commented": popularity.most_commented(week)}


@register.filter
def comment_count_label(count: int) -> str:
    """Say «Commentaire 0», «Commentaire 1», «Commentaires 2»."""
    return ngettext("Commentaire %(count)s", "Commentaires %(count)s", count) % {"count": _figure(count)}


@register.filter
def reading_count_label(count: int) -> str:
    """Say «1 lecture», «1 234 lectures»."""
    return ngettext("%(count)s lecture", "%(count)s lectures", count) % {"count": _figure(count)}


@register.filter
def reading_time_label(minutes: int) -> str:
    """Say «3 minutes de lecture»."""
    return ngettext("%(count)s minute de lecture", "%(count)s minutes de lecture", minutes) % {
        "count": _figure(minutes)
    }


def _figure(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
