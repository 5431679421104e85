"""An article as the search sees it: three parts, the words of each, and where it stands in time.

What is searched in an article is listed in `parts_of`, and nowhere else.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from html import unescape

from articles import allowed
from articles.models import Article
from articles.searching.words import compounds, words

# Of the second of publication; the rest is the article's number.
_NUMBER_BITS = 29
NUMBER_MASK = (1 << _NUMBER_BITS) - 1
_MOST_SECONDS = 1 << 33

_FIGURE = re.compile(r"<figure(?:(?!<figure).)*?</figure>", re.DOTALL)
_INLINE = re.compile(rf"</?(?:{'|'.join(sorted(allowed.IN_A_LINE))})\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")


class Tier(IntEnum):
    """Where an article holds what is looked for: those of the first tier come first."""

    TITLE = 0
    HEAD = 1
    ANYWHERE = 2


@dataclass(frozen=True)
class Part:
    """A part of an article: runs of stems that follow each other, and its compounds as one word."""

    tier: Tier
    runs: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Document:
    """What is written into the index for an article."""

    article_id: int
    section_id: int
    key: int
    parts: Sequence[Part]

    def digest(self) -> str:
        """Return a digest of it, the same as long as nothing of it changes."""
        return hashlib.sha256(repr((self.section_id, self.key, self.parts)).encode()).hexdigest()[:32]


def key_of(article_id: int, published_at: datetime | None) -> int:
    """Return the number that orders articles by the second of their publication, then by their own; drafts come first."""
    return first_key(published_at) | article_id & NUMBER_MASK


def first_key(instant: datetime | None) -> int:
    """Return the least key of an article that is published in the second of an instant, or never."""
    return key_of_second(-_MOST_SECONDS if instant is None else int(instant.timestamp()))


def key_of_second(second: int) -> int:
    """Return the least key of an article that is published in a second, counted from 1970."""
    return min(max(second, -_MOST_SECONDS), _MOST_SECONDS - 1) << _NUMBER_BITS


def seconds_of(key: int) -> int:
    """Return the second of publication that a key tells."""
    return key >> _NUMBER_BITS


def of(article: Article, names: Iterable[str]) -> Document:
    """Return the document of a rendered article that is signed by these names, with its stored tags."""
    return Document(article.pk, article.section_id, key_of(article.pk, article.published_at), parts_of(article, names))


def parts_of(article: Article, names: Iterable[str]) -> list[Part]:
    """Return what is searched in an article."""
    tags = [tag["name"] for tag in article.shown_tags]
    return [
        part(Tier.TITLE, [article.display_headline]),
        part(Tier.HEAD, [article.display_kicker, article.display_standfirst, *names, *tags]),
        part(Tier.ANYWHERE, plain(article.body_html).splitlines()),
    ]


def part(tier: Tier, texts: Iterable[str]) -> Part:
    """Return the part that these texts make; no phrase goes from one to the next."""
    runs = []
    for text in texts:
        found = list(words(text))
        if found:
            runs.append([word.stem for word in found])
            runs.extend([compound.stem] for compound in compounds(text, found))
    return Part(tier, runs)


def plain(html: str) -> str:
    """Return the text of an article's HTML, a block on each line, without its pictures and what stands under them."""
    return unescape(_TAG.sub("\n", _INLINE.sub("", _FIGURE.sub("\n", html))))
