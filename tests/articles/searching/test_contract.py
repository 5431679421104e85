"""What is found, and in which order: the same in SQLite and in PostgreSQL, since this runs on both."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles import search
from articles.models import Article
from articles.searching import periods
from articles.searching.query import parse
from tests.articles.searching.triples import TRIPLES
from tests.factories import make_article, make_author, make_section

pytestmark = pytest.mark.django_db

RECALL = PRECISION = 0.95


def found(typed: str, **confined: Any) -> list[str]:
    """Return the headlines that a question finds, in order."""
    keys = search.find(parse(typed), **confined).keys
    headlines = Article.objects.in_bulk(keys)
    return [headlines[key].headline for key in keys]


def test_french_words_find_their_other_forms_and_no_other_words() -> None:
    section = make_section()
    articles = [
        (make_article(section=section, body=f"<p>{wanted}</p>").pk, make_article(section=section, body=f"<p>{other}</p>").pk)
        for _typed, wanted, other in TRIPLES
    ]
    answers = [search.find(parse(typed)).keys for typed, _wanted, _other in TRIPLES]
    missed = [one for one, keys, (wanted, _other) in zip(TRIPLES, answers, articles, strict=True) if wanted not in keys]
    wrong = [one for one, keys, (_wanted, other) in zip(TRIPLES, answers, articles, strict=True) if other in keys]
    assert len(TRIPLES) >= 80
    assert 1 - len(missed) / len(TRIPLES) >= RECALL, missed
    assert 1 - len(wrong) / len(TRIPLES) >= PRECISION, wrong
