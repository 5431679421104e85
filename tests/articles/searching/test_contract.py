"""What is found, and in which order: the same in SQLite and in PostgreSQL, since this runs on both."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles import search
from articles.models import BODY_LENGTH, Article, Section
from articles.searching import periods
from articles.searching.query import parse
from tests.articles.searching.triples import TRIPLES
from tests.factories import make_article, make_author, make_section, make_tag

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
        (
            make_article(section=section, body=f"<p>{wanted}</p>").pk,
            make_article(section=section, body=f"<p>{other}</p>").pk,
        )
        for _typed, wanted, other in TRIPLES
    ]
    answers = [search.find(parse(typed)).keys for typed, _wanted, _other in TRIPLES]
    missed = [one for one, keys, (wanted, _other) in zip(TRIPLES, answers, articles, strict=True) if wanted not in keys]
    wrong = [one for one, keys, (_wanted, other) in zip(TRIPLES, answers, articles, strict=True) if other in keys]
    assert len(TRIPLES) >= 80
    assert 1 - len(missed) / len(TRIPLES) >= RECALL, missed
    assert 1 - len(wrong) / len(TRIPLES) >= PRECISION, wrong


@pytest.fixture
def newspaper() -> None:
    """Store a few articles of two sections, the first published longest ago."""
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    politics, culture = make_section(slug="politique"), make_section(slug="culture")
    for number, (headline, section, standfirst, body) in enumerate(
        [
            ("La retraite à Lyon", politics, "", "<p>Un départ.</p>"),
            ("Un débat", politics, "On parle de retraites.", "<p>À l’Assemblée.</p>"),
            ("Le cirque", culture, "", "<p>Les clowns prennent leur retraite.</p><p>À Lyon.</p>"),
            ("Réforme des retraites", politics, "", "<p>La réforme agricole des retraites attendra.</p>"),
            ("Une saison", culture, "", "<p>Réforme agricole : les retraites attendront.</p>"),
        ]
    ):
        at = day.replace(year=2022 + number)
        make_article(headline=headline, section=section, standfirst=standfirst, body=body, published_at=at)


@pytest.mark.usefixtures("newspaper")
def test_titles_come_before_heads_and_heads_before_texts_and_the_latest_first() -> None:
    assert found("retraite") == ["Réforme des retraites", "La retraite à Lyon", "Un débat", "Une saison", "Le cirque"]


@pytest.mark.usefixtures("newspaper")
def test_every_word_must_be_there_wherever_it_stands() -> None:
    assert found("retraite lyon") == ["La retraite à Lyon", "Le cirque"]
    assert found("retraite lyon xylophone") == []


@pytest.mark.usefixtures("newspaper")
@pytest.mark.parametrize("quotes", ['"{}"', "« {} »", "«{}»", "“{}”", '"{}'])
def test_a_phrase_is_words_side_by_side(quotes: str) -> None:
    assert found(quotes.format("réforme agricole")) == ["Une saison", "Réforme des retraites"]
    assert found(quotes.format("réforme des retraites")) == ["Réforme des retraites"]
    assert found(quotes.format("retraite à Lyon")) == ["La retraite à Lyon"]
    assert found(quotes.format("agricole réforme")) == []


@pytest.mark.usefixtures("newspaper")
def test_what_has_a_minus_is_done_without() -> None:
    assert found("retraite -lyon") == ["Réforme des retraites", "Un débat", "Une saison"]
    assert found('retraite -"réforme agricole" -débats') == ["La retraite à Lyon", "Le cirque"]
    assert found("-lyon") == []


@pytest.mark.usefixtures("newspaper")
def test_a_section_and_a_period_narrow_the_search() -> None:
    culture = Section.objects.get(slug="culture")
    year = periods.read("2024")
    assert found("retraite", section=culture) == ["Une saison", "Le cirque"]
    assert found("retraite", period=year) == ["Le cirque"]
    assert found("retraite", section=culture, period=year) == ["Le cirque"]
    assert found("retraite", section=make_section()) == []


@pytest.mark.usefixtures("newspaper")
@pytest.mark.parametrize("year", ["1900", "2242", "2243", "2999"])
def test_a_year_that_no_article_is_of_holds_nothing(year: str) -> None:
    assert found("retraite", period=periods.read(year)) == []


def test_words_that_every_text_holds_are_asked_for_only_when_nothing_else_is() -> None:
    make_article(headline="Où est Paul", body="<p>Il dort.</p>")
    make_article(headline="Paul", body="<p>Comment va le monde ?</p>")
    assert found("comment est Paul") == ["Paul", "Où est Paul"]
    assert found("est") == ["Où est Paul"]
    assert found("le la les") == []


def test_a_phrase_does_not_go_from_one_paragraph_to_the_next() -> None:
    make_article(body="<p>Une fin</p><p>heureuse</p>")
    assert found('"fin heureuse"') == []


def test_authors_are_found_by_their_names() -> None:
    make_article(headline="Signé", authors=[make_author(name="Élise O’Brien-Dœuff")])
    assert found("obrien elise") == []
    assert found("o'brien elise") == found("brien doeuff") == found("Élise") == ["Signé"]


def test_articles_are_found_by_their_tags() -> None:
    article = make_article(headline="Sans le mot")
    article.tags.add(make_tag("Énergies marines"))
    assert found("energie marine") == ["Sans le mot"]
    article.tags.clear()
    assert found("energie marine") == []


def test_two_of_the_same_second_stand_in_the_order_of_lists() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    section = make_section()
    for headline in ("Un zèbre", "Deux zèbres"):
        make_article(headline=headline, published_at=at, section=section)
    assert found("zèbre") == ["Deux zèbres", "Un zèbre"]


def test_articles_of_any_time_are_found_in_their_order() -> None:
    section = make_section()
    now = datetime.now(UTC)
    ages = [0, 1, 20, 40, 100, 300, 500, 900, 5_000, 40_000]
    for age in ages:
        make_article(headline=f"Zèbre {age}", published_at=now - timedelta(days=age, seconds=5), section=section)
    assert found("zèbre") == [f"Zèbre {age}" for age in ages]


def test_no_more_than_two_hundred_are_found_and_that_there_are_more_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    section = make_section()
    for _number in range(3):
        make_article(headline="Un zèbre", section=section)
    assert (len(search.find(parse("zèbre")).keys), search.find(parse("zèbre")).has_more) == (3, False)
    make_article(headline="Un zèbre", section=section)
    assert (len(search.find(parse("zèbre")).keys), search.find(parse("zèbre")).has_more) == (3, True)


def test_a_very_long_text_is_found_by_its_last_words_and_by_phrases_of_them() -> None:
    words = " ".join(f"mot{number % 1_000}" for number in range(24_000))
    article = make_article(body=f"<p>{words} zèbre rayé</p><p>Une girafe tachetée.</p>")
    for typed in ("zèbre", '"zèbre rayé"', '"mot999 zèbre rayé"', '"girafe tachetée"', '"mot0 mot1 mot2 mot3"'):
        assert search.find(parse(typed)).keys == [article.pk], typed
    for typed in ('"rayé zèbre"', '"mot1 mot3"', '"rayé une girafe"'):
        assert search.find(parse(typed)).keys == [], typed


def test_a_phrase_of_a_word_that_a_text_repeats_without_end_is_found() -> None:
    article = make_article(body=f"<p>{'le débat continue. ' * 1_500}Un débat rayé.</p>")
    assert search.find(parse('"débat rayé"')).keys == [article.pk]
    assert search.find(parse('"débat débat"')).keys == []


@pytest.mark.parametrize("word", ["é{:05}", "{:05}" + "字" * 58])
def test_the_longest_text_in_any_alphabet_is_taken_and_found(word: str) -> None:
    words = " ".join(word.format(number) for number in range(BODY_LENGTH // (len(word.format(0)) + 1) - 10))
    article = make_article(body=f"<p>{words}</p>")
    assert search.find(parse(word.format(7))).keys == [article.pk]
