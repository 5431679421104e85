"""What a rule of the screening is, and what rules notice before it is stored as `Finding` rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comments.incoming import Context, Submission

# The sum of weights from which a comment is probably unwanted, and stands apart.
SUSPECT = 10
DETAIL_LENGTH = 200


@dataclass(frozen=True)
class Noticed:
    """What a rule has to say beside its label, and the terms of the block list by which it knows."""

    detail: str = ""
    terms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule with its weight, and what the desk calls what it notices."""

    notice: Callable[[Submission, Context], Noticed | None]
    weight: int
    label: Any

    @property
    def name(self) -> str:
        """What its findings are stored under."""
        return self.notice.__name__


@dataclass(frozen=True)
class Screened:
    """What the rules noticed, in their order."""

    found: tuple[tuple[Rule, Noticed], ...]

    @property
    def is_suspect(self) -> bool:
        """Whether it weighs enough to stand apart."""
        return sum(rule.weight for rule, _noticed in self.found) >= SUSPECT

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What is stored: the name of each rule that noticed something, and its detail."""
        return [(rule.name, _shortened(noticed.detail)) for rule, noticed in self.found]

    @property
    def terms(self) -> list[int]:
        """The keys of the terms that matched."""
        return [pk for _rule, noticed in self.found for pk in noticed.terms]


def _shortened(detail: str) -> str:
    return detail if len(detail) <= DETAIL_LENGTH else f"{detail[: DETAIL_LENGTH - 1]}…"
