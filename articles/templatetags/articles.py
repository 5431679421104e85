"""What templates say of articles: the menu, the side rankings, and counts in words."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import freshness, menu, popularity
from articles.models import Section
from multitude.caching import depends_on

register = template.Library()


@register.simple_tag
def sections() -> list[Section]:
    """Return the sections in the order of the menu."""
    return menu.sections()


@register.inclusion_tag("articles/_rankings.html", takes_context=True)
def rankings(context: template.Context) -> dict[str, Any]:
    """Show this week's most read and most commented articles side by side."""
    most_read, most_commented = popularity.of_the_week()
    for entry in (*most_read, *most_commented):
        depends_on(context["request"], freshness.headline(entry.article_id), until=entry.until)
    return {"most_read": most_read, "most_commented": most_commented}


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


@register.filter
def day_label(instant: datetime) -> str:
    """Say the day in Paris as French writes it: «1er novembre 2026», «2 novembre 2026»."""
    day = timezone.localtime(instant)
    parts = {"day": _("1er") if day.day == 1 else day.day, "month": MONTHS[day.month], "year": day.year}
    return _("%(day)s %(month)s %(year)s") % parts


@register.filter
def hour_label(instant: datetime) -> str:
    """Say the hour in Paris as French writes it: «6 h 05»."""
    hour = timezone.localtime(instant)
    return _("%(hour)s h %(minute)s") % {"hour": hour.hour, "minute": f"{hour.minute:02}"}


def _figure(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
