"""What somebody looks for, read from what was typed. There is no wrong question: what says nothing is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.searching.words import NUMBER, compounds, words

MOST_TYPED = 200
MOST_TERMS = 12
_FAINT = """
ai aura aurait avaient avait avec avez avoir avons c ca car ceci cela chez comme comment d donc dont e elle elles est etaient
etait etre eux fait faut j l leur leurs lui m mais meme moi mon n nos notre nous ont or pas plus pourquoi quand quel quelle
quelles quels quoi s sans sera serait seront soi soit son sont sous t toi ton tres vers vos votre vous
"""
# Asked for when nothing else is: in a question of other words, an article need not hold them.
FAINT = frozenset(_FAINT.split())
# Apart, what these part is looked for in any place: only hyphens, apostrophes and points make one term of several words.
_BREAK = re.compile(r"[,;:!?()\[\]{}<>/\\|&+*^~…=·]+")
_PIECE = re.compile(
    r"""
      (?P<minus>(?<!\S)[-−–])?
      (?: "(?P<straight>[^"]*)(?:"|$) | «(?P<french>[^»]*)(?:»|$) | [“„](?P<curly>[^“”]*)(?:[“”]|$) | (?P<plain>[^\s"«“„]+) )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    """Words that stand side by side, by their stems; a compound is also found where it is written as one word."""

    stems: tuple[str, ...]
    compound: str = ""


@dataclass(frozen=True)
class Query:
    """What an article must hold, and what it must not."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    is_cut: bool = False
    """Whether more was typed than is looked for."""

    def __bool__(self) -> bool:
        return bool(self.wanted)


def parse(typed: str) -> Query:
    """Return the query that any text stands for: words, "phrases", « phrases », and -words or -"phrases" to do without."""
    wanted: dict[Term, bool] = {}
    unwanted: dict[Term, bool] = {}
    for match in _PIECE.finditer(NUMBER.sub(_joined, typed[:MOST_TYPED])):
        chosen = unwanted if match["minus"] else wanted
        pieces = (
            _BREAK.split(match["plain"]) if match["plain"] else [match["straight"] or match["french"] or match["curly"]]
        )
        for piece in pieces:
            chosen.update(_terms(piece or "", is_phrase=not match["plain"]))
    strong = [term for term, is_faint in wanted.items() if not is_faint] or list(wanted)
    return Query(
        tuple(strong[:MOST_TERMS]),
        tuple(list(unwanted)[:MOST_TERMS]),
        len(typed) > MOST_TYPED or len(strong) > MOST_TERMS or len(unwanted) > MOST_TERMS,
    )


def _terms(typed: str, *, is_phrase: bool) -> Iterator[tuple[Term, bool]]:
    """Yield the term that was typed, and whether it is faint; none where nothing of it is indexed."""
    found = list(words(typed))
    if found:
        compound = None if is_phrase else next(compounds(typed, found), None)
        yield (
            Term(tuple(word.stem for word in found), compound.stem if compound else ""),
            len(found) == 1 and found[0].folded in FAINT,
        )


def _joined(number: re.Match[str]) -> str:
    return "".join(number[0].split())
