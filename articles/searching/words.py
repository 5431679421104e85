"""Words as they stand in a text, and what of each is compared: the same for an article, a question and a highlight."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from articles.searching import french
from multitude import folding

# Not indexed: in every text, and never what somebody looks for.
UNHEARD = frozenset(
    "a au aux ce ces cet cette dans de des du en et il ils je la le les ma me mes ne ni on ou par pour que qui sa se ses si "
    "sur ta te tes tu un une y".split()
)
# What joins two words into one that some write without it.
HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'’ʼ′`"
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f"
NUMBER = re.compile(r"(?<!\w)[0-9]{1,3}(?:[\x20\u00a0\u2009\u202f][0-9]{3})+(?!\w)")
_PART = re.compile(
    rf"""
      (?P<elided>\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)[{_APOSTROPHES}](?=\w))
    | (?P<number>{NUMBER.pattern})
    | (?P<initials>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)
    | (?P<word>[^\W_](?:[^\W_]|[{_UNSEEN}])*)
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


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text that are compared: articles, prepositions and what is elided are left out."""
    for match in _PART.finditer(text):
        kind, found = match.lastgroup, match[0]
        if kind == "elided":
            continue
        if kind == "number":
            found = "".join(found.split())
        folded = "".join(folding.words(folding.fold(found[:_LONGEST])))
        if folded and folded not in UNHEARD:
            yield Word(match.start(), match.end(), folded, _token(french.stem(folded)))


def compounds(text: str, found: list[Word]) -> Iterator[str]:
    """Yield the stem of each compound of a text's words as it is written without hyphens: `weekend` for week-end."""
    parts: list[str] = []
    end = -1
    for word in found:
        is_joined = end + 1 == word.start and text[end] in HYPHENS
        if not is_joined:
            yield from _compound(parts)
            parts = []
        parts.append(word.folded)
        end = word.end
    yield from _compound(parts)


def _compound(parts: list[str]) -> Iterator[str]:
    if len(parts) > 1:
        yield _token(french.stem_of_compound(parts))


def _token(stem: str) -> str:
    """Return a stem in letters and figures that no database cuts or changes."""
    return stem if stem.isascii() else f"u{stem.encode().hex()}"
