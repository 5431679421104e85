"""How days, hours, durations and sizes are said in French: to readers, at the desk, and of the machine."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def day_label(instant: datetime) -> str:
    """Say the day in Paris as French writes it: «1er novembre 2026», «2 novembre 2026»."""
    day = timezone.localtime(instant)
    parts = {"day": _("1er") if day.day == 1 else day.day, "month": MONTHS[day.month], "year": day.year}
    return _("%(day)s %(month)s %(year)s") % parts


def hour_label(instant: datetime) -> str:
    """Say the hour in Paris as French writes it: «6 h 05»."""
    hour = timezone.localtime(instant)
    return _("%(hour)s h %(minute)s") % {"hour": hour.hour, "minute": f"{hour.minute:02}"}


def duration_label(duration: timedelta) -> str:
    """Say how long something lasted: «moins d’une minute», «12 min», «3 h», «4 j»."""
    minutes = int(duration.total_seconds()) // 60
    if minutes < 1:
        return _("moins d’une minute")
    if minutes < 120:
        return _("%(number)d min") % {"number": minutes}
    if minutes < 48 * 60:
        return _("%(number)d h") % {"number": minutes // 60}
    return _("%(number)d j") % {"number": minutes // (24 * 60)}


def size_label(size: float) -> str:
    """Say a number of bytes in French: «12,4 Go»."""
    units = [_("o"), _("ko"), _("Mo"), _("Go"), _("To")]
    power = 0
    while size >= 1000 and power < len(units) - 1:
        size, power = size / 1000, power + 1
    return f"{number_format(size, 1 if power and size < 100 else 0)}\u00a0{units[power]}"
