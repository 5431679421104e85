"""Who speaks in the demo's comments, and what: sensible and long, curt, insulting, selling, in a dozen languages.

`flood.json` lists kinds of comments. The shape of a kind names, paragraph by paragraph, the banks of sentences of
which one is drawn from each; its fates are the statuses in which such a comment ends, each with its reason. A kind
without fates is fit to be published.
"""

import functools
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from comments.models import BODY_LENGTH
from comments.rendering import render
from multitude.demo.newspaper import GENERATOR, PERSONS

_FLOOD: dict[str, Any] = json.loads(Path(__file__).with_name("flood.json").read_text(encoding="utf-8"))
# Foreign readers' names, by what they say.
_STRANGERS: dict[str, str] = {body: name for name, body in _FLOOD["voices"]}
_BANKS: dict[str, Sequence[str]] = {**GENERATOR, **_FLOOD["banks"], "voices": list(_STRANGERS)}
# Readers whose temper is known: some of what they write is published, and some is not.
_TROLLS = PERSONS[7::133]
_ODD_NAMES, _REGULARS = 0.1, 0.45
_OPEN, _CLOSE = '<p dir="auto">', "</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of comment: how many of a hundred there are, how one is made up, by whom, and how it ends."""

    share: int
    shape: Sequence[str]
    times: tuple[int, int] = (1, 1)
    """How often its middle paragraph comes."""
    by: str = "readers"
    is_reply: bool = False
    trapped: float = 0
    """The part of them that fill the field which no person sees."""
    rushed: float = 0
    """The part of them that fill the form in a second."""
    fates: Mapping[str, str] = field(default_factory=dict)


KINDS = [Kind(**kind) for kind in _FLOOD["kinds"]]
PAMPHLETS = next(kind for kind in KINDS if "pamphlets" in kind.shape)


@dataclass(frozen=True, slots=True)
class Case:
    """A comment about which a moderator asked the publication director, and the note."""

    name: str
    body: str
    note: str


CASES = [Case(**case) for case in _FLOOD["escalated"]]
# What the newsroom watches, by its kind.
WATCHED: dict[str, list[str]] = _FLOOD["watched"]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says, as sent and as rendered."""

    name: str
    email: str
    body: str
    body_html: str
    is_trapped: bool = False
    seconds_spent: float | None = None


class Voices:
    """Makes up who says what, by chance; no sentence comes again before its bank is used up."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._drawn: dict[str, list[str]] = {}

    def any_kind(self, *, fate: str = "", by: str = "") -> Kind:
        """Return a kind, by its share: one that ends in a status, or comes from certain people, where these are named."""
        kinds = [kind for kind in KINDS if (not fate or fate in kind.fates) and by in {"", kind.by}]
        return self._dice.choices(kinds, [kind.share for kind in kinds])[0]

    def say(self, kind: Kind) -> Said:
        """Make up a comment of a kind."""
        first, *middle, last = kind.shape if len(kind.shape) > 1 else (*kind.shape, "")
        shape = [first, *middle * self._dice.randint(*kind.times), last]
        paragraphs: list[list[str]] = []
        length = 0
        for banks in filter(None, shape):
            pieces = [self._sentence(bank) for bank in banks.split()]
            length += sum(map(len, pieces)) + len(pieces) + 1
            if length <= BODY_LENGTH:
                paragraphs.append(pieces)
        body = "\n\n".join(" ".join(pieces) for pieces in paragraphs)
        html = "".join(f"{_OPEN}{' '.join(map(_html, pieces))}{_CLOSE}" for pieces in paragraphs)
        name, email = self._person(kind.by, body)
        is_trapped, is_rushed = (self._dice.random() < part for part in (kind.trapped, kind.rushed))
        return Said(name, email, body, html, is_trapped, seconds_spent=1.0 if is_rushed else None)

    def newcomer(self, name: str = "") -> tuple[str, str]:
        """Return the name and the e-mail of somebody who never wrote before."""
        names = _FLOOD["odd_names"] if self._dice.random() < _ODD_NAMES else _FLOOD["names"]
        name = name or self._dice.choice(names)
        address = slugify(name).replace("-", ".")[:40] or "lecteur"
        return name, f"{address}.{self._dice.randrange(1_000_000)}@exemple.fr"

    def regular(self) -> tuple[str, str]:
        """Return the name and the e-mail of a reader who writes now and then, or every day."""
        return PERSONS[int(len(PERSONS) * self._dice.random() ** 2)]

    def _person(self, who: str, body: str) -> tuple[str, str]:
        if who == "sellers":
            name = self._dice.choice(_FLOOD["seller_names"])
            host = self._dice.choice(("jetable.example", "dix-minutes.example", "exemple.fr"))
            return name, f"{self._dice.choice(_FLOOD['words'])}{self._dice.randrange(1_000_000)}@{host}"
        if who == "trolls":
            return self._dice.choice(_TROLLS)
        if body in _STRANGERS or self._dice.random() > _REGULARS:
            return self.newcomer(_STRANGERS.get(body, ""))
        return self.regular()

    def _sentence(self, bank: str) -> str:
        if not self._drawn.get(bank):
            self._drawn[bank] = self._dice.sample(_BANKS[bank], len(_BANKS[bank]))
        sentence = self._drawn[bank].pop()
        if "{" not in sentence:
            return sentence
        draw = self._dice.randint
        word, figures = self._dice.choice(_FLOOD["words"]), {"number": draw(100, 9_999), "pair": draw(10, 99)}
        return sentence.format(word=word, few=draw(2, 19), price=draw(19, 990), **figures)


@functools.lru_cache(maxsize=4_096)
def _html(sentence: str) -> str:
    """Return a sentence as HTML; those of a paragraph, in a row, are what rendering all of them at once gives."""
    return render(sentence).removeprefix(_OPEN).removesuffix(_CLOSE)
