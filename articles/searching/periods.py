"""The stretches of time to which a search may be confined: the last days, or a year of the archives."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import archives
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
    if _YEAR.fullmatch(value) and int(value) in archives.YEARS:
        first, last = archives.month(int(value), 1), archives.month(int(value), 12)
        return Period(value, value, first.begins_at, last.ends_at)
    return None


def choices() -> list[tuple[str, str]]:
    """Return the values that a form offers, each with its label: all time, the last days, the years of the archives."""
    recent = [("", _("depuis toujours")), *((value, str(label)) for value, (_days, label) in _LAST_DAYS.items())]
    return [*recent, *((str(year), str(year)) for year in _years.get())]


def _public_years() -> list[int]:
    """Return the years of which readers may see something, the latest first."""
    return [year for year, _months in archives.public_years()]


_years = Remembered(_public_years, LISTS)
