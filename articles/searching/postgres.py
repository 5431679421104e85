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
from articles.searching.query import MOST_TYPED, Query, Term

_MARKS = {Tier.TITLE: "=", Tier.HEAD: "+", Tier.ANYWHERE: ""}
# Where the words of a part are counted from. A tsvector tells no places beyond the last one apart, and 255 of a word: some of
# these are the title's. What goes beyond is counted anew, in a further volume of the same text.
_BEGINNINGS = {Tier.TITLE: 1, Tier.HEAD: 200, Tier.ANYWHERE: 1_000}
_LAST_PLACE = 16_382
_MOST_PLACES = 200
# How many volumes one text fills at most, and how many words each repeats of the one before: no phrase is longer.
_VOLUMES = range(1, 13)
_REPEATED = MOST_TYPED // 2
# Bytes of a tsvector, which holds 1,048,575 and refuses more. Of a text in the longest words of another alphabet, its phrases
# are left out first, then its last words.
_MOST_BYTES = 1_000_000
_WAITING_KB = 64 * 1024
_ROWS_AT_ONCE = 500
# Seconds of a short and of a long span; two of each are asked.
_SPANS = {"s": 28 * 86_400, "l": 364 * 86_400}

# Without statistics the planner expects few articles of any question, and goes by the index of words.
CREATE = (
    "ALTER TABLE articles_searchentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE articles_searchentry ALTER COLUMN vector SET STATISTICS 0",
    "CREATE INDEX articles_search_vector ON articles_searchentry USING gin (vector) WITH (fastupdate = off)",
)
DROP = ("ALTER TABLE articles_searchentry DROP COLUMN vector",)
# The planner does not know that whoever goes by the table reads every text, far from its row. What it believes to be dear, and is never
# reached, since no digest is empty, keeps it from that: it is asked of the rows that were found, and of no others.
_DEAR = f"num_nulls({', '.join(['digest @@ digest'] * 4)})"


def written(part: Part) -> str:
    """Return a part as a tsvector's text, to be joined to the others with a space."""
    marks = [mark for tier, mark in _MARKS.items() if tier >= part.tier]
    words = {mark + stem: f"'{mark}{stem}'" for run in part.runs for stem in run for mark in marks}
    lexemes = [f"'{pair}'" for pair in {_pair(pair) for run in part.runs for pair in pairwise(run)}]
    for number, places in enumerate(_volumes(part)):
        for stem, at in places.items():
            where = ",".join(map(str, at))
            if number:
                lexemes.append(f"'{_in_volume(number, stem)}':{where}")
            else:
                words.update((mark + stem, f"'{mark}{stem}':{where}") for mark in marks)
    return " ".join(_within(_MOST_BYTES, [*words.values(), *lexemes]))


def _volumes(part: Part) -> Iterator[dict[str, list[int]]]:
    """Yield where the words of a part stand, in as many volumes as they need: of most texts it is one."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    place, left = _BEGINNINGS[part.tier], len(_VOLUMES)
    for run in part.runs:
        for number, stem in enumerate(run):
            if place > _LAST_PLACE or len(places[stem]) == _MOST_PLACES:
                yield places
                if not left:
                    return
                places, place, left = defaultdict(list), 1, left - 1
                for repeated in run[max(0, number - _REPEATED) : number]:
                    places[repeated].append(place)
                    place += 1
            places[stem].append(place)
            place += 1
        place += 1
    yield places


def _in_volume(number: int, stem: str) -> str:
    return f"%{number}%{stem}"


def _within(most: int, lexemes: Iterable[str]) -> Iterator[str]:
    """Yield what fits into so many bytes of a tsvector, two of them for each place, and some for each word."""
    for lexeme in lexemes:
        most -= len(lexeme) + 8
        if most < 0:
            return
        yield lexeme


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
        "WHERE vector @@ %s::tsquery AND key + 0 BETWEEN %s AND %s "
        f"AND CASE WHEN digest = '' THEN {_DEAR} = 0 ELSE true END ORDER BY place DESC"
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
    beside = " & ".join(f"'{_pair(pair)}'" for pair in pairwise(term.stems))
    phrases = _phrase(mark + stem for stem in term.stems)
    if tier == Tier.ANYWHERE:
        further = (_phrase(_in_volume(number, stem) for stem in term.stems) for number in _VOLUMES)
        phrases = f"({' | '.join([phrases, *further])})"
    compound = f" | '{mark}{term.compound}'" if term.compound else ""
    return f"(({beside} & {phrases}){compound})"


def _phrase(tokens: Iterable[str]) -> str:
    return " <-> ".join(f"'{token}'" for token in tokens)


def _pair(stems: tuple[str, str]) -> str:
    """Return one of 65,536 lexemes for two words side by side: an article without it need not be read for a phrase."""
    return f"~{zlib.crc32(' '.join(stems).encode()) & 0xFFFF:x}"


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
