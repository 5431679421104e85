"""Any text is a question: it is understood or left out, and never fails."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.searching.query import MOST_TERMS, MOST_TYPED, Query, Term, parse
from tests.factories import make_article

SIGNS = """" « » “ - − * ( ) : ^ ~ { } & | ! <-> ' \\ %s % AND OR NOT NEAR( tokens: rowid :* =a +a @1 #s1 ~1 \x00 \ud800 \u0301 \u200b"""
WORDS = "élection l’ œ U.R.S.S. 日本 🗞️ a-b-c 000"
PIECES = st.sampled_from([*SIGNS.split(" "), *WORDS.split(" "), " ", "1 000"])


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("l'élection", [("elect",)]),
        ("d’Élysée", [("eli",)]),
        ("ÉLECTIONS élection", [("elect",)]),
        ("vert/rouge", [("vert",), ("roug",)]),
        ("49.3", [("49", "3")]),
        ("1 000 euros", [("1000",), ("euro",)]),
        ("U.R.S.S.", [("urss",)]),
        ("vitamine C", [("vitamin",)]),
        ("C", [("c",)]),
        ("élections mai", [("elect",), ("mai",)]),
        ("ver solitaire", [("ver",), ("solitair",)]),
        ("mais élections", [("elect",)]),
        ("«le chat»", [("chat",)]),
        ('"', []),
        ('""', []),
        ("le la les", []),
        ("- -- ---", []),
        ("\x00\ud800", []),
        ("", []),
        ("   ", []),
    ],
)
def test_what_is_understood(typed: str, wanted: list[tuple[str, ...]]) -> None:
    assert [term.stems for term in parse(typed).wanted] == wanted


def test_a_compound_is_a_phrase_or_one_word() -> None:
    assert parse("week-end").wanted == (Term(("week", "end"), "weekend"),)
    assert parse('"week-end"').wanted == (Term(("week", "end")),)


def test_a_minus_inside_a_word_is_a_hyphen() -> None:
    assert parse("Saint-Ouen -Saint-Denis") == Query(
        (Term(("saint", "ouen"), "saintouen"),), (Term(("saint", "den"), "saintden"),)
    )


def test_what_is_too_long_is_cut_and_that_is_known() -> None:
    assert not parse("mot " * 3).is_cut
    assert parse("a" * (MOST_TYPED + 1)).is_cut
    long = parse(" ".join(f"mot{number}" for number in range(MOST_TERMS + 1)))
    assert long.is_cut
    assert len(long.wanted) == MOST_TERMS


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300) | st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_answered(typed: str) -> None:
    search.find(parse(typed))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["tokens:zèbre", "zèbre*", "NEAR(zèbre)", "^zèbre", "zèbre:A", "(zèbre", "'zèbre'", "zèbre\x00"]
)
def test_the_operators_of_databases_mean_nothing(typed: str) -> None:
    article = make_article(headline="Un zèbre", body="<p>tokens near</p>")
    assert search.find(parse(typed)).keys in ([article.pk], [])
    assert search.find(parse("@1")).keys == search.find(parse("=zèbre rayé")).keys == []
