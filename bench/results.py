"""What a measurement finds: figures in a table, goals met or missed, and how French writes numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

NARROW = "\N{NARROW NO-BREAK SPACE}"


class Broken(Exception):
    """A measurement could not be taken: a server that does not answer, an answer that is not the right one."""


class Unavailable(Exception):
    """What a measurement needs is not on this machine; its text names it, in French."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One promise with its figure; `value` is None when it could not be measured."""

    label: str
    value: float | None
    limit: float
    at_least: bool = False
    unit: str = ""
    strict: bool = False
    """Whether the limit itself is already too much."""

    @property
    def is_met(self) -> bool | None:
        """Whether the promise is kept, or None when that is unknown."""
        if self.value is None:
            return None
        if self.strict:
            return self.value < self.limit
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """The word for it."""
        return {True: "tenu", False: "manqué", None: "non mesuré"}[self.is_met]

    @property
    def promise(self) -> str:
        """The limit, as a reader sees it."""
        sign = "≥" if self.at_least else "<" if self.strict else "≤"
        return f"{sign} {self._written(self.limit)}"

    @property
    def measured(self) -> str:
        """The value, as a reader sees it."""
        return "—" if self.value is None else self._written(self.value)

    @property
    def strain(self) -> float | None:
        """How much of what is allowed was used: 1 at the limit, more when the promise is missed."""
        if self.value is None:
            return None
        if self.at_least:
            return self.limit / self.value if self.value else float("inf")
        return self.value / self.limit if self.limit else float(self.value > 0) * 2

    def _written(self, value: float) -> str:
        return number(value) + (f" {self.unit}" if self.unit else "")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one answer costs: milliseconds of the server's processor; an anchor is what the site is compared with."""

    label: str
    ms: float
    is_anchor: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one measurement found."""

    place: int
    """Its number among the measurements."""
    title: str
    columns: list[str]
    rows: list[list[str]]
    goals: list[Goal]
    notes: list[str] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    """The upper half of the chart."""


def number(value: float) -> str:
    """Write a number with three significant figures, a decimal comma and spaced thousands."""
    if value == 0:
        return "0"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", NARROW)
    decimals = 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:.{decimals}f}".replace(".", ",")


def p95(taken: Sequence[float]) -> float:
    """Return what nineteen of twenty measurements do not exceed."""
    return sorted(taken)[math.ceil(0.95 * len(taken)) - 1]
