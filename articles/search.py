"""The search: how articles get into its index, and how one finds them there.

Articles are written into the index where they are rendered (`articles.rendering`), in the same transaction. Both
databases hold the same tokens, made in `articles.searching`, and give the same articles in the same order: those that
hold all of it in their title first, then those that hold it in their title, kicker, standfirst, signature and tags, then those
that hold it anywhere; of each, the latest first. What is public is asked of `published()` at each question.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from types import ModuleType
from typing import Any

from django.db import connection, transaction

from articles.models import Article, SearchEntry, Section
from articles.searching import documents, postgres, sqlite
from articles.searching.documents import Document, Part
from articles.searching.periods import Period
from articles.searching.query import Query
from multitude import clock

# Nobody reads further; a filter leads to what is older.
MOST_FOUND = 200
_BATCH = 50
_INDEXED = (
    "section_id",
    "published_at",
    "display_headline",
    "display_kicker",
    "display_standfirst",
    "body_html",
    "shown_tags",
)
_BACKENDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}


@dataclass(frozen=True)
class Found:
    """The keys of the articles that a search finds, in order, and whether there are more of them."""

    keys: list[int] = field(default_factory=list)
    has_more: bool = False


def find(query: Query, *, section: Section | None = None, period: Period | None = None) -> Found:
    """Return what the public may see of what the query finds, the best 200 at most, in one statement."""
    if not query:
        return Found()
    now = clock.now()
    visible, values = _visible(now)
    since, until = (period.since, period.until) if period else (None, None)
    first, last = documents.first_key(since), documents.first_key(until or now + timedelta(seconds=1)) - 1
    if first > last:  # a year of which no key tells
        return Found()
    branches = _backend().branches(query, section.pk if section else None, first, last, visible)
    limit = MOST_FOUND + 1
    # One branch is read after the other, and none that is not needed.
    found = [f"SELECT * FROM ({sql} LIMIT {limit}) AS found_{place}" for place, (sql, _own) in enumerate(branches)]  # noqa: S608
    parameters = [value for _sql, own in branches for value in [*own, *values]]
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(found)} LIMIT {limit}", parameters)
        keys = [key for (key,) in cursor.fetchall()]
    return Found(keys[:MOST_FOUND], len(keys) > MOST_FOUND)


@transaction.atomic
def index(article_ids: Iterable[int], *, anew: bool = False) -> None:
    """Write articles into the index as they are rendered and signed; what is there already is left, unless `anew`."""
    rendered = Article.objects.with_signature().only(*_INDEXED)
    for keys in batched(sorted(article_ids), _BATCH):
        known = {} if anew else dict(SearchEntry.objects.filter(pk__in=keys).values_list("pk", "digest"))
        found = [_document(article) for article in rendered.filter(pk__in=keys)]
        changed = [document for document in found if known.get(document.article_id) != document.digest()]
        if changed:
            write((document, map(written, document.parts)) for document in changed)


def write(found: Iterable[tuple[Document, Iterable[str]]]) -> None:
    """Write documents whose parts are `written` already, whatever is there."""
    _backend().write((document, document.digest(), " ".join(parts)) for document, parts in found)


def written(part: Part) -> str:
    """Return a part of a document as this database's index holds it; many articles may share one."""
    return str(_backend().written(part))


def many() -> AbstractContextManager[None]:
    """Have a great many articles written faster meanwhile, in transactions of their own."""
    manager: AbstractContextManager[None] = _backend().many()
    return manager


def _document(article: Article) -> Document:
    return documents.of(article, [byline.author.name for byline in article.bylines.all()])


def _backend() -> ModuleType:
    return _BACKENDS[connection.vendor]


def _visible(now: datetime) -> tuple[str, list[Any]]:
    """Return the condition of `published()` as SQL, and its parameters."""
    query = Article.objects.published(now).query
    sql, parameters = query.get_compiler(connection=connection).compile(query.where)
    return sql, list(parameters)
