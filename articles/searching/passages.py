"""What is shown of an article that was found: its own words, those that were looked for marked, whatever else escaped."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.searching.query import Query, Term
from articles.searching.words import Word, compounds, words

# Of a text that is read in search of a passage; an article of ordinary length has less.
_MOST_READ = 12_000
# Words of a passage, and how many of them stand before the first that was looked for.
_LENGTH = 40
_BEFORE = 8
_ELLIPSIS = "…"


class Hit(NamedTuple):
    """What was looked for where it stands among the words of a text: from the first to the last, and which term it is."""

    first: int
    last: int
    term: Term


class Passage(NamedTuple):
    """A place of a block worth showing: the word at which a hit begins, and the terms that stand there."""

    block: int
    text: str
    found: list[Word]
    hits: list[Hit]
    hit: int
    terms: frozenset[Term]


class Stretch(NamedTuple):
    """The words of a passage that are shown: from the first to the last."""

    passage: Passage
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where it begins in the text of its block."""
        return self.passage.found[self.first].start if self.first else 0

    @property
    def end(self) -> int:
        """Where it ends there; what stands after a block's last word goes with it."""
        found = self.passage.found
        return found[self.last].end if self.last + 1 < len(found) else len(self.passage.text)

    @property
    def is_cut_before(self) -> bool:
        """Whether its block begins before it."""
        return self.start > 0

    @property
    def is_cut_after(self) -> bool:
        """Whether its block goes on after it."""
        return self.end < len(self.passage.text)

    def meets(self, later: "Stretch") -> bool:
        """Tell whether nothing of the block stands between this and a later one."""
        return self.passage.block == later.passage.block and later.first <= self.last + 1


def highlighted(text: str, query: Query) -> SafeString:
    """Return the whole text as HTML, with what the query wants in `<mark>`."""
    found = list(words(text))
    return _marked(text, found, _hits(text, found, query.wanted), 0, len(text))


def excerpt(blocks: Iterable[str], query: Query) -> SafeString | None:
    """Return the passage that holds most of what the query wants, and one that holds what is missing there, as HTML.

    None where no block holds anything of it.
    """
    passages: list[Passage] = []
    for number, (block, read) in enumerate(_with_lengths(blocks)):
        found = list(words(block))
        hits = _hits(block, found, query.wanted)
        near = zip(hits, _terms_near(hits), strict=True)
        here = [Passage(number, block, found, hits, hit.first, terms) for hit, terms in near]
        passages += here
        if read > _MOST_READ or any(len(passage.terms) == len(query.wanted) for passage in here):
            break
    if not passages:
        return None
    best = max(passages, key=lambda passage: len(passage.terms))
    other = max(passages, key=lambda passage: len(passage.terms - best.terms))
    if not other.terms - best.terms:
        return _shown([_stretch(best, _LENGTH)])
    in_order = sorted([best, other], key=lambda passage: (passage.block, passage.hit))
    first, second = (_stretch(passage, _LENGTH // 2) for passage in in_order)
    return _shown([first._replace(last=second.last)] if first.meets(second) else [first, second])


def _with_lengths(blocks: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield the blocks that hold something, and how much has been read after each."""
    kept = [block for block in blocks if block.strip()]
    return zip(kept, accumulate(map(len, kept)), strict=True)


def _terms_near(hits: Sequence[Hit]) -> Iterator[frozenset[Term]]:
    """Yield, for each of the hits of a block in their order, the terms that stand in a passage around it."""
    reach = _LENGTH // 2 - _BEFORE
    places = [hit.first for hit in hits]
    for place in places:
        near = hits[bisect_left(places, place) : bisect_left(places, place + reach)]
        yield frozenset(hit.term for hit in near)


def _stretch(passage: Passage, length: int) -> Stretch:
    """Return so many words around a hit, or the whole block where it has no more."""
    last = min(len(passage.found), max(0, passage.hit - _BEFORE) + length) - 1
    return Stretch(passage, max(0, min(passage.hit - _BEFORE, last + 1 - length)), last)


def _shown(stretches: Sequence[Stretch]) -> SafeString:
    """Return stretches in their order as HTML, with one sign wherever a text begins before or goes on after."""
    pieces = [_ELLIPSIS] if stretches[0].is_cut_before else []
    for each, following in zip(stretches, [*stretches[1:], None], strict=True):
        pieces.append(_marked(each.passage.text, each.passage.found, each.passage.hits, each.start, each.end))
        if each.is_cut_after or (following and following.is_cut_before):
            pieces.append(_ELLIPSIS)
    return mark_safe(" ".join(pieces))  # noqa: S308  escaped by _marked


def _hits(text: str, found: Sequence[Word], terms: Iterable[Term]) -> list[Hit]:
    """Return what of the terms stands in a text, in its order, the longer first where two begin together."""
    stems = [word.stem for word in found]
    present = set(stems)
    joined = list(compounds(text, found))
    hits = []
    for term in terms:
        size = len(term.stems)
        if term.stems[0] in present:
            starts = (place for place, stem in enumerate(stems) if stem == term.stems[0])
            hits += [
                Hit(place, place + size - 1, term)
                for place in starts
                if tuple(stems[place : place + size]) == term.stems
            ]
        as_one = {term.compound, *term.stems[: size == 1]}
        hits += [Hit(place, place, term) for place, stem in enumerate(stems) if stem == term.compound]
        hits += [Hit(compound.first, compound.last, term) for compound in joined if compound.stem in as_one]
    return sorted(hits, key=lambda hit: (hit.first, -hit.last))


def _marked(text: str, found: Sequence[Word], hits: Iterable[Hit], start: int, end: int) -> SafeString:
    """Return a stretch of a text as HTML, with the hits that lie in it in `<mark>`."""
    pieces = []
    done = start
    for hit in hits:
        begin, stop = found[hit.first].start, found[hit.last].end
        if begin >= done and stop <= end:
            pieces += [escape(text[done:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
            done = stop
    return mark_safe("".join([*pieces, escape(text[done:end])]))  # noqa: S308  escaped piece by piece
