"""Words as they stand in a text, and what of each is compared: the same for an article, a question and a highlight."""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.searching import french
from multitude import folding

_UNHEARD = """
a au aux ce ces cet cette dans de des du en et il ils je la le les ma me mes ne ni on ou par pour que qui sa se ses si sur ta te
tes tu un une y
"""
# Not indexed: in every text, and never what somebody looks for.
UNHEARD = frozenset(_UNHEARD.split())
# What joins two words into one that some write without it.
HYPHENS = frozenset("-\u2010\u2011")
_APOSTROPHES = "'’ʼ′`"
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f"
NUMBER = re.compile(r"(?<!\w)[0-9]{1,3}(?:[\x20\u00a0\u2009\u202f][0-9]{3})+(?!\w)")
_PART = re.compile(
    rf"""
      (?P<elided>\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)[{_APOSTROPHES}](?=\w))
    | (?P<number>{NUMBER.pattern})
    | (?P<initials>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)
    | (?P<word>[^\W_]++(?:[{_UNSEEN}]++[^\W_]*+)*+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 200


class Word(NamedTuple):
    """A word, from `start` to `end` of its text: as it is written without accents, and the stem that is compared."""

    start: int
    end: int
    folded: str
    stem: str


class Compound(NamedTuple):
    """Words that hyphens join, by their places among the words of a text, and the stem of what they are without hyphens."""

    first: int
    last: int
    stem: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text that are compared: articles, prepositions and what is elided are left out."""
    for match in _PART.finditer(text):
        if match.lastgroup != "elided" and (read := _read(match[0][:_LONGEST])):
            yield Word(match.start(), match.end(), *read)


def compounds(text: str, found: Sequence[Word]) -> Iterator[Compound]:
    """Yield the compounds of a text's words: `weekend` for week-end."""
    first = 0
    for place in range(1, len(found) + 1):
        if place < len(found) and text[found[place - 1].end : found[place].start] in HYPHENS:
            continue
        if place - first > 1:
            parts = [word.folded for word in found[first:place]]
            yield Compound(first, place - 1, _token(french.stem_of_compound(parts)))
        first = place


@functools.lru_cache(maxsize=65_536)
def _read(written: str) -> tuple[str, str] | None:
    """Return a word without accents and its stem; None for what is not indexed."""
    folded = "".join(folding.words(folding.fold(written)))
    return (folded, _token(french.stem(folded))) if folded and folded not in UNHEARD else None


def _token(stem: str) -> str:
    """Return a stem in letters and figures that no database cuts or changes."""
    return stem if stem.isascii() else f"u{stem.encode().hex()}"
