"""The index in SQLite: a virtual table of FTS5 whose rows are numbered by time, so that the newest are found first.

Words are written once for each tier in which they count, with a mark before them. A common word costs no more than a
rare one: reading stops at as many articles as are wanted.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from articles.searching.documents import NUMBER_MASK, Document, Part, Tier
from articles.searching.query import Query, Term

_MARKS = {Tier.TITLE: "=", Tier.HEAD: "+", Tier.ANYWHERE: ""}
# A word that nobody can look for, so that no phrase goes over it.
_BREAK = " = "

CREATE = (
    """CREATE VIRTUAL TABLE articles_search USING fts5 (tokens, tokenize = "ascii tokenchars '=+@'", columnsize = 0)""",
    """CREATE TRIGGER articles_search_entry_deleted AFTER DELETE ON articles_searchentry
    BEGIN DELETE FROM articles_search WHERE rowid = OLD.key; END""",
)
DROP = ("DROP TRIGGER articles_search_entry_deleted", "DROP TABLE articles_search")


def written(part: Part) -> str:
    """Return a part as the table holds it, to be joined to the others with a space."""
    return _BREAK.join(
        " ".join(mark + stem for stem in run) for tier, mark in _MARKS.items() if tier >= part.tier for run in part.runs
    )


def write(documents: Iterable[tuple[Document, str, str]]) -> None:
    """Write documents, each with its digest and its parts as `written`, over what is there."""
    # In their order: FTS5 writes to the disc whenever a row comes that lies before the last one.
    rows = sorted(
        (document.key, document.article_id, digest, f"@{document.section_id}{_BREAK}{tokens}")
        for document, digest, tokens in documents
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM articles_search WHERE rowid = (SELECT key FROM articles_searchentry WHERE article_id = %s)",
            [(article_id,) for _key, article_id, *_others in rows],
        )
        cursor.executemany(
            "INSERT INTO articles_search (rowid, tokens) VALUES (%s, %s)",
            [(key, tokens) for key, *_others, tokens in rows],
        )
        cursor.executemany(
            "INSERT INTO articles_searchentry (key, article_id, digest) VALUES (%s, %s, %s) "
            "ON CONFLICT (article_id) DO UPDATE SET key = excluded.key, digest = excluded.digest",
            [row[:3] for row in rows],
        )


@contextmanager
def many() -> Iterator[None]:
    """Nothing need be done for many articles that is not done for one."""
    yield


def branches(query: Query, section_id: int | None, first: int, last: int, visible: str) -> list[tuple[str, list[Any]]]:
    """Return, for each tier, SQL of the articles that the query finds there, the latest first, and its parameters.

    `first` and `last` bound the keys; `visible` is the condition on an article, with parameters that follow these.
    """
    sql = (
        "SELECT articles_article.id FROM articles_search CROSS JOIN articles_article "  # noqa: S608
        f"ON articles_article.id = articles_search.rowid & {NUMBER_MASK} "
        "WHERE articles_search MATCH %s AND articles_search.rowid BETWEEN %s AND %s "
        f"AND {visible} ORDER BY articles_search.rowid DESC"
    )
    return [(sql, [expression(query, tier, section_id), first, last]) for tier in Tier]


def expression(query: Query, tier: Tier, section_id: int | None) -> str:
    """Return what FTS5 understands: all that is wanted in the tier, nothing that is unwanted, nothing of the tiers before."""
    wanted = _all(query.wanted, tier)
    if section_id is not None:
        wanted = f'{wanted} AND "@{section_id}"'
    unwanted = [_any(term, Tier.ANYWHERE) for term in query.unwanted]
    if tier:
        unwanted.append(f"({_all(query.wanted, Tier(tier - 1))})")
    return f"({wanted}) NOT ({' OR '.join(unwanted)})" if unwanted else wanted


def _all(terms: Sequence[Term], tier: Tier) -> str:
    return " AND ".join(_any(term, tier) for term in terms)


def _any(term: Term, tier: Tier) -> str:
    mark = _MARKS[tier]
    phrase = '"' + " ".join(mark + stem for stem in term.stems) + '"'
    return f'({phrase} OR "{mark}{term.compound}")' if term.compound else phrase
