"""What changed between two states of a text, in words, for who must judge it.

Paragraphs that stay the same are passed over; in the others, words that came are `<ins>` and words that went `<del>`.
The time it takes is bounded: where two texts have too much to compare, a passage is shown as replaced as a whole.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Pairs of equal words, or paragraphs, that one diff may weigh: about a second at worst.
MOST_PAIRS = 1_000_000
# Paragraphs shown on either side of a change.
AROUND = 1
# So few equal words between two longer changes are chance, and would make a soup of both.
CHANCE = 3
# How many words a change may be moved by, so that it begins with a paragraph.
MOST_SLID = 5

_BLOCKS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "br",
        "div",
        "table",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "section",
        "article",
    ]
)
_UNREAD = frozenset({"script", "style", "template", "noscript"})
_WORD = re.compile(r"\w+(?:[’'.:-]\w+)*|[^\w\s]")


class Word(str):
    """A word or a mark; `is_apart` says whether a space stands before it, which makes it no other word."""

    is_apart: bool

    def __new__(cls, text: str, *, is_apart: bool = False) -> "Word":
        """Return the word."""
        word = super().__new__(cls, text)
        word.is_apart = is_apart
        return word


_BREAK = Word("\n")


class Change(NamedTuple):
    """A passage: what stood there and what stands there now, the same where nothing changed."""

    old: Sequence[str]
    new: Sequence[str]
    is_same: bool


def diff(old: str, new: str, *, html: bool = True) -> SafeString:
    """Return what turns one text into the other, as paragraphs of safe HTML; nothing where they are the same.

    `html` reads both as HTML, by the words that one reads in it, its links' addresses and its pictures' descriptions.
    """
    if old == new:
        return SafeString()
    before, after = (_paragraphs(text) if html else text.splitlines() for text in (old, new))
    if before == after:
        return format_html('<div class="diff"><p class="diff-same">{}</p></div>', _("Seule la mise en forme change."))
    budget = _Budget(MOST_PAIRS)
    changes = list(_changes(before, after, budget))
    shown = "".join(_shown(changes, place, budget) for place in range(len(changes)))
    return mark_safe(f'<div class="diff">{shown}</div>')  # noqa: S308  every word is escaped


def _shown(changes: list[Change], place: int, budget: "_Budget") -> str:
    change = changes[place]
    if not change.is_same:
        return _words(change, budget)
    head = 0 if place == 0 else AROUND
    tail = 0 if place == len(changes) - 1 else AROUND
    left_out = len(change.old) - head - tail
    if left_out <= 0:
        return "".join(f"<p>{escape(text)}</p>" for text in change.old)
    skipped = ngettext("… %(count)s paragraphe sans changement", "… %(count)s paragraphes sans changement", left_out)
    said = format_html('<p class="diff-same">{}</p>', skipped % {"count": left_out})
    first, last = change.old[:head], change.old[len(change.old) - tail :]
    return "".join([*(f"<p>{escape(text)}</p>" for text in first), said, *(f"<p>{escape(text)}</p>" for text in last)])


def _words(change: Change, budget: "_Budget") -> str:
    """Show a passage of which the words differ; a paragraph that was split or joined shows its mark, ¶."""
    pieces: list[str] = []
    parts = list(_changes(_split(change.old), _split(change.new), budget))
    for part in _without_chance([part for part in _at_paragraphs(parts) if part.old or part.new]):
        if part.is_same:
            pieces.append(_text(part.new).replace(_BREAK, "</p><p>"))
        else:
            gone, come = _marked("del", part.old, "¶ "), _marked("ins", part.new, "¶</ins></p><p><ins>")
            pieces += [gone, " " if gone and come and come[0] != " " else "", come]
    html = "".join(["<p>", *pieces, "</p>"]).replace("<ins></ins>", "").replace("<p></p>", "")
    return html.replace("<p> ", "<p>")


def _marked(tag: str, words: Sequence[str], paragraph: str) -> str:
    if not words:
        return ""
    text = _text(words)
    space = " " if text[0] == " " else ""
    return f"{space}<{tag}>{text.removeprefix(' ').replace(_BREAK, paragraph)}</{tag}>"


def _text(words: Sequence[str]) -> str:
    """Return the words as they stood, escaped."""
    return escape("".join(f" {word}" if getattr(word, "is_apart", True) else word for word in words))


def _split(paragraphs: Sequence[str]) -> list[str]:
    """Return the words and marks of paragraphs, each paragraph's end between them; an address is one word."""
    words: list[str] = []
    for text in paragraphs:
        for chunk in text.split():
            parts = [chunk] if "/" in chunk or "@" in chunk else _WORD.findall(chunk)
            is_first = not words or words[-1] is _BREAK
            words += [Word(part, is_apart=not is_first and place == 0) for place, part in enumerate(parts)]
        words.append(_BREAK)
    return words[:-1]


def _at_paragraphs(changes: list[Change]) -> Iterator[Change]:
    """Have what was added or removed begin with its paragraph, where it may as well begin a few words earlier."""
    ahead = [*changes, Change([], [], is_same=True)]
    for place in range(len(changes)):
        change, after = ahead[place : place + 2]
        is_added = _BREAK in change.new
        longer = list(change.new if is_added else change.old)
        slid = end = 0
        if not change.is_same and after.is_same and (_BREAK in change.old) != is_added:
            end = longer.index(_BREAK)
            lengths = range(min(end, len(after.new), MOST_SLID), 0, -1)
            slid = next((n for n in lengths if longer[end - n : end] == list(after.new[:n])), 0)
        if not slid:
            yield change
            continue
        head, tail = longer[: end - slid], after.new[:slid]
        moved = [*longer[end:], *tail]
        yield Change(change.old, head, is_same=False) if is_added else Change(head, change.new, is_same=False)
        yield Change(tail, tail, is_same=True)
        yield Change([], moved, is_same=False) if is_added else Change(moved, [], is_same=False)
        ahead[place + 1] = Change(after.new[slid:], after.new[slid:], is_same=True)


def _without_chance(changes: list[Change]) -> Iterator[Change]:
    """Make one change of two that only a few equal words separate."""
    held: Change | None = None
    for place, change in enumerate(changes):
        between = change.is_same and held is not None and not held.is_same and place + 1 < len(changes)
        chance = between and len(change.old) <= CHANCE and _BREAK not in change.old
        if held is None:
            held = change
        elif (chance and _is_long(held) and _is_long(changes[place + 1])) or not (held.is_same or change.is_same):
            held = Change([*held.old, *change.old], [*held.new, *change.new], is_same=False)
        else:
            yield held
            held = change
    if held is not None:
        yield held


def _is_long(change: Change) -> bool:
    return min(len(change.old), len(change.new)) > CHANCE


# Comparing -------------------------------------------------------------------------------------


class _Budget:
    """How many pairs may still be weighed."""

    def __init__(self, pairs: int) -> None:
        self._left = pairs

    def covers(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Take what comparing two sequences costs, if that much is left."""
        counts = Counter(new)
        pairs = sum(number * counts[word] for word, number in Counter(old).items())
        if pairs > self._left:
            return False
        self._left -= pairs
        return True


def _changes(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Change]:
    """Yield the passages of two sequences in order, the same and the changed in turn."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    backwards = enumerate(zip(reversed(old), reversed(new), strict=False))
    end = min(rest, next((n for n, (a, b) in backwards if a != b), rest))
    if start:
        yield Change(old[:start], new[:start], is_same=True)
    yield from _middle(old[start : len(old) - end], new[start : len(new) - end], budget)
    if end:
        yield Change(old[len(old) - end :], new[len(new) - end :], is_same=True)


def _middle(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Change]:
    if not old and not new:
        return
    if not (old and new):
        yield Change(old, new, is_same=False)
    elif budget.covers(old, new):
        yield from _matched(old, new)
    elif anchors := _anchors(old, new):
        edges = [(-1, -1), *anchors, (len(old), len(new))]
        for (a, c), (b, d) in pairwise(edges):
            yield from _gap(old[a + 1 : b], new[c + 1 : d], budget)
            if b < len(old):
                yield Change(old[b : b + 1], new[d : d + 1], is_same=True)
    else:
        yield Change(old, new, is_same=False)


def _gap(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Change]:
    """Yield what stands between two anchors, in detail for as long as the budget lasts."""
    if old == new:
        if old:
            yield Change(old, new, is_same=True)
    elif old and new and budget.covers(old, new):
        yield from _matched(old, new)
    elif old or new:
        yield Change(old, new, is_same=False)


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Change(old[a:b], new[c:d], is_same=tag == "equal")


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of what stands once in both, as many as keep their order (patience diff)."""
    once_old, once_new = Counter(old), Counter(new)
    places = {word: place for place, word in enumerate(new) if once_new[word] == 1}
    pairs = [(place, places[word]) for place, word in enumerate(old) if once_old[word] == 1 and word in places]
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for index, (_a, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before.append(tails[length - 1] if length else -1)
        ends[length : length + 1] = [b]
        tails[length : length + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


# Reading ---------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Takes from HTML what one reads, block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[list[str]] = [[]]
        self._links: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _UNREAD:
            self._unread += 1
        elif tag in _BLOCKS:
            self.blocks.append([])
        elif tag == "a":
            self._links.append(values.get("href", ""))
        elif tag == "img":
            self.blocks[-1].append(_("[image : %(text)s]") % {"text": values.get("alt", "")})

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BLOCKS:
            self.blocks.append([])
        elif tag == "a" and self._links and (address := self._links.pop()):
            self.blocks[-1].append(f" ({address}) ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.blocks[-1].append(data)


def _paragraphs(html: str) -> list[str]:
    """Return the texts of the HTML's blocks, those that hold something."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    texts = (" ".join("".join(block).split()) for block in reader.blocks)
    return [text for text in texts if text]
