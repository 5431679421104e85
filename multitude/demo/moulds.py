"""HTML of a template into which other values are poured: rendering takes 200 µs, and a million of them too long.

A sample is rendered by the template itself, with marks for its values and a known instant; what
stands around them is then used for everything alike. Where an instant falls in Paris is worked out
once an hour, since each of Paris's hours begins with one of UTC's.
"""

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from django.utils import timezone

from articles import popularity
from articles.templatetags.articles import iso_instant
from multitude.labels import day_label, hour_label

# The instant of samples; nothing in the newspaper is as old.
SAMPLED_AT = datetime(1999, 12, 31, 22, 57, tzinfo=UTC)


def mark(name: str) -> str:
    """Return what stands in a sample for the value of a name; neither typography nor escaping changes it."""
    return f"x-{name}-x"


def mould(sample: str, *names: str) -> Callable[..., str]:
    """Return a function of the marked names, and of the labels of an instant, that gives the sample with those values."""
    pattern = sample.replace("{", "{{").replace("}", "}}")
    for name in names:
        pattern = pattern.replace(mark(name), f"{{{name}}}")
    for name, label in labels(SAMPLED_AT).items():
        pattern = pattern.replace(label, f"{{{name}}}")
    return pattern.format


def labels(instant: datetime) -> dict[str, str]:
    """Return what templates say of an instant."""
    day, hour = _hour(instant.replace(minute=0, second=0, microsecond=0))
    return {"iso": iso_instant(instant), "day": _day_label(day), "hour": _hour_label(hour, instant.minute)}


def day_of(instant: datetime) -> date:
    """Return the day in Paris, as `popularity` counts."""
    day, _local_hour = _hour(instant.replace(minute=0, second=0, microsecond=0))
    return day


@functools.cache
def _hour(instant: datetime) -> tuple[date, int]:
    return popularity.day_of(instant), timezone.localtime(instant).hour


@functools.cache
def _day_label(day: date) -> str:
    return day_label(datetime.combine(day, time(12), timezone.get_current_timezone()))


@functools.cache
def _hour_label(hour: int, minute: int) -> str:
    return hour_label(datetime(2000, 1, 1, hour, minute, tzinfo=timezone.get_current_timezone()))
