"""The stretches of time to which a search may be confined: the last days, or a year of the archives."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from multitude.caching import LISTS, Remembered

_LAST_DAYS = {
    "semaine": (7, gettext_lazy("7 derniers jours")),
    "mois": (30, gettext_lazy("30 derniers jours")),
    "an": (365, gettext_lazy("12 derniers mois")),
}
_YEAR = re.compile(r"[12][0-9]{3}")


@dataclass(frozen=True)
class Period:
    """From `since` on, and before `until`, if either is given."""

    value: str
    label: str
    since: datetime | None = None
    until: datetime | None = None


def read(value: str) -> Period | None:
    """Return the period that a value of `periode` names, or None where it names none."""
    if value in _LAST_DAYS:
        days, label = _LAST_DAYS[value]
        return Period(value, str(label), since=timezone.now() - timedelta(days=days))
    if _YEAR.fullmatch(value):
        year = int(value)
        zone = timezone.get_default_timezone()
        return Period(value, value, datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))
    return None


def choices() -> list[tuple[str, str]]:
    """Return the values that a form offers with their labels, the years in which something was published last."""
    recent = [("", _("depuis toujours")), *((value, str(label)) for value, (_days, label) in _LAST_DAYS.items())]
    return [*recent, *((str(year), str(year)) for year in _years.get())]


def _published_years() -> list[int]:
    """Return the years from the first publication to this one, the latest first."""
    first = Article.objects.published().order_by("published_at").values_list("published_at", flat=True).first()
    this = timezone.localtime().year
    return list(range(this, timezone.localtime(first).year - 1, -1)) if first else []


_years = Remembered(_published_years, LISTS)
