"""The page of figures: thirty days drawn as SVG on the server, and the table that says the same.

Each series has a drawing of its own, under its name and with its sum: nothing is told by colour alone. Drawings that
stand together share their scale.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments import counters, figures, rights
from comments.figures import Day
from comments.models import Decision
from multitude import deskpages

RIGHTS = ("comments.view_comment", rights.SEE_DECISIONS)
# What the template draws in: a day is ten units wide, two of them empty.
HEIGHT = 60
STEP = 10
# A day with anything at all is seen.
_LEAST = 2


@dataclass(frozen=True)
class Series:
    """What is counted of each day."""

    name: str
    label: str | Promise
    of: Callable[[Day], int]


@dataclass(frozen=True)
class Bar:
    """One day of a drawing."""

    day: date
    number: int
    x: int
    height: int

    @property
    def y(self) -> int:
        """Where the bar begins, from above."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Drawing:
    """One series, drawn."""

    name: str
    label: str
    bars: list[Bar]

    @property
    def total(self) -> int:
        """The sum of all days."""
        return sum(bar.number for bar in self.bars)

    @property
    def highest(self) -> Bar:
        """The day with the most, the last of those that are equal."""
        return max(self.bars, key=lambda bar: (bar.number, bar.day))

    @property
    def width(self) -> int:
        """The width in the drawing's units."""
        return STEP * len(self.bars)


MAIN = (
    Series("submitted", _("Reçus"), lambda day: day.submitted),
    Series("approved", _("Publiés"), lambda day: day.approved),
    Series("refused", _("Refusés"), lambda day: day.refused_in_all),
)


def _of_reason(reason: Decision.Reason) -> Series:
    return Series("reason", reason.label, lambda day: day.refused[reason])


REASONS = tuple(_of_reason(reason) for reason in Decision.Reason)
OTHERS = (
    Series("spam", _("Marqués indésirables"), lambda day: day.spam),
    Series("removed", _("Retirés après parution"), lambda day: day.removed),
)


def draw(series: tuple[Series, ...], days: list[Day]) -> list[Drawing]:
    """Return the drawings of some series on one scale."""
    most = max((each.of(day) for each in series for day in days), default=0) or 1

    def bar(place: int, day: Day, number: int) -> Bar:
        return Bar(
            day.day, number, x=place * STEP + 1, height=max(_LEAST, round(HEIGHT * number / most)) if number else 0
        )

    return [
        Drawing(each.name, str(each.label), [bar(place, day, each.of(day)) for place, day in enumerate(days)])
        for each in series
    ]


def view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show the figures to those who may read comments and decisions."""
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied
    days = figures.thirty_days()
    columns = (*MAIN, *REASONS, *OTHERS)
    context: dict[str, Any] = {
        **deskpages.context(model_admin, request, _("Chiffres de la modération")),
        "figures": figures.header(),
        "numbers": counters.numbers(),
        "days": days,
        "main": draw(MAIN, days),
        "reasons": draw(REASONS, days),
        "others": draw(OTHERS, days),
        "columns": columns,
        "reason_count": len(REASONS),
        "totals": [sum(each.of(day) for day in days) for each in columns],
        "rows": [(day.day, [each.of(day) for each in columns]) for day in reversed(days)],
    }
    return TemplateResponse(request, "admin/comments/comment/figures.html", context)
