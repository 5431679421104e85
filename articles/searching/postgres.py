"""The index in PostgreSQL: a tsvector of the very tokens that SQLite gets, which no text search configuration touches.

PostgreSQL finds all articles that hold a word before it can put them in order; of a common word these are half of the
newspaper. So each article also bears the span of time in which it was published, and the latest spans are asked first,
together with the word: reading stops at as many articles as are wanted.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched, pairwise
from typing import Any

from django.db import connection

from articles.searching.documents import Document, Part, Tier, key_of_second, seconds_of
from articles.searching.query import Query, Term

_MARKS = {Tier.TITLE: "=", Tier.HEAD: "+", Tier.ANYWHERE: ""}
# Where the words of a part are counted from; a tsvector tells no places beyond the last one apart, and 255 of a word.
_BEGINNINGS = {Tier.TITLE: 1, Tier.HEAD: 200, Tier.ANYWHERE: 1_000}
_LAST_PLACE = 16_382
_MOST_PLACES = 255
_WAITING_KB = 64 * 1024
_ROWS_AT_ONCE = 500
# Seconds of a short and of a long span; two of each are asked.
_SPANS = {"s": 28 * 86_400, "l": 364 * 86_400}

# Without statistics the planner expects few articles of any question, and goes by the index of words, never by the table.
CREATE = (
    "ALTER TABLE articles_searchentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE articles_searchentry ALTER COLUMN vector SET STATISTICS 0",
    "CREATE INDEX articles_search_vector ON articles_searchentry USING gin (vector) WITH (fastupdate = off)",
)
DROP = ("ALTER TABLE articles_searchentry DROP COLUMN vector",)


def written(part: Part) -> str:
    """Return a part as a tsvector's text, to be joined to the others with a space."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    pairs: set[str] = set()
    marks = [mark for tier, mark in _MARKS.items() if tier >= part.tier]
    place = _BEGINNINGS[part.tier]
    for run in part.runs:
        for stem in run:
            for mark in marks:
                places[mark + stem].append(place)
            place += 1
        pairs.update(map(_pair, pairwise(run)))
        place += 1
    return " ".join([*(_lexeme(token, at) for token, at in places.items()), *map(repr, pairs)])


def write(documents: Iterable[tuple[Document, str, str]]) -> None:
    """Write documents, each with its digest and its parts as `written`, over what is there."""
    for some in batched(documents, _ROWS_AT_ONCE):
        columns = zip(
            *(
                (
                    document.article_id,
                    document.key,
                    digest,
                    f"{tokens} '@{document.section_id}' {_spans_of(document.key)}",
                )
                for document, digest, tokens in some
            ),
            strict=True,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_searchentry (article_id, key, digest, vector) "
                "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::tsvector[]) ON CONFLICT (article_id) "
                "DO UPDATE SET key = excluded.key, digest = excluded.digest, vector = excluded.vector",
                [list(column) for column in columns],
            )


@contextmanager
def many() -> Iterator[None]:
    """Have what is written meanwhile wait beside the index, where a search reads it slowly, and go into it together."""
    _store(f"SET (fastupdate = on, gin_pending_list_limit = {_WAITING_KB})")
    try:
        yield
    finally:
        _store("SET (fastupdate = off)")
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('articles_search_vector')")


def _store(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER INDEX articles_search_vector {how}")


def branches(query: Query, section_id: int | None, first: int, last: int, visible: str) -> list[tuple[str, list[Any]]]:
    """Return, for each tier and each stretch of time, SQL of the articles that the query finds there, and its parameters.

    `first` and `last` bound the keys; `visible` is the condition on an article, with parameters that follow these.
    """
    # What is done to a key changes nothing but the planner's mind: it would read the newest articles one by one.
    sql = (
        "SELECT articles_article.id FROM ("  # noqa: S608
        "SELECT article_id, key + 0 AS place FROM articles_searchentry "
        "WHERE vector @@ %s::tsquery AND key + 0 BETWEEN %s AND %s ORDER BY place DESC"
        f") AS found JOIN articles_article ON articles_article.id = found.article_id WHERE {visible} "
        "ORDER BY found.place DESC"
    )
    return [
        (sql, [expression(query, tier, section_id) + spans, since, until])
        for tier in Tier
        for spans, since, until in _stretches(first, last)
    ]


def expression(query: Query, tier: Tier, section_id: int | None) -> str:
    """Return the tsquery: all that is wanted in the tier, nothing that is unwanted, nothing of the tiers before."""
    wanted = [_any(term, tier) for term in query.wanted]
    if section_id is not None:
        wanted.append(f"'@{section_id}'")
    unwanted = [_any(term, Tier.ANYWHERE) for term in query.unwanted]
    if tier:
        unwanted.append("(" + " & ".join(_any(term, Tier(tier - 1)) for term in query.wanted) + ")")
    return " & ".join([*wanted, *(f"!{each}" for each in unwanted)])


def _any(term: Term, tier: Tier) -> str:
    mark = _MARKS[tier]
    if len(term.stems) == 1:
        return f"'{mark}{term.stems[0]}'"
    phrase = " <-> ".join(f"'{mark}{stem}'" for stem in term.stems)
    beside = " & ".join(f"'{_pair(pair)}'" for pair in pairwise(term.stems))
    compound = f" | '{mark}{term.compound}'" if term.compound else ""
    return f"(({beside} & {phrase}){compound})"


def _pair(stems: tuple[str, str]) -> str:
    """Return one of 65,536 lexemes for two words side by side: an article without it need not be read for a phrase."""
    return f"~{zlib.crc32(' '.join(stems).encode()) & 0xFFFF:x}"


def _lexeme(token: str, places: list[int]) -> str:
    kept = [place for place in places[:_MOST_PLACES] if place <= _LAST_PLACE]
    return f"'{token}':{','.join(map(str, kept))}" if kept else f"'{token}'"


def _span(kind: str, key: int) -> int:
    return seconds_of(key) // _SPANS[kind]


def _spans_of(key: int) -> str:
    return " ".join(f"'#{kind}{_span(kind, key)}'" for kind in _SPANS)


def _stretches(first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """Yield stretches of time from the latest on: what to add to a tsquery, and the keys between which they lie."""
    until = last
    for kind, length in _SPANS.items():
        span = _span(kind, last)
        since = max(first, key_of_second((span - 1) * length))
        if since <= until:
            yield f" & ('#{kind}{span}' | '#{kind}{span - 1}')", since, until
        until = since - 1
    if first <= until:
        yield "", first, until
