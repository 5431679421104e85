"""Where an article stands, how it goes from one state to the next, and what embargo forbids."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from articles import publishing
from articles.models import Article, Event, State
from tests.factories import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = Event.Kind


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def make(state: State) -> Article:
    """Return an article that stands somewhere."""
    values: dict[State, dict[str, Any]] = {
        State.DRAFT: {"published_at": None},
        State.REVIEW: {"published_at": None, "ready_at": NOW - HOUR},
        State.SCHEDULED: {"published_at": NOW + HOUR},
        State.PUBLISHED: {"published_at": NOW - HOUR},
        State.UNPUBLISHED: {"published_at": NOW - 2 * HOUR, "unpublished_at": NOW - HOUR},
    }
    return make_article(**values[state])


def acts(article: Article) -> list[str]:
    """Return what was done to an article, the newest first."""
    return list(article.events.values_list("kind", flat=True))


@pytest.mark.parametrize("state", State)
def test_the_state_of_a_row_and_the_query_agree(state: State) -> None:
    article = make(state)
    assert article.state() == state
    for each in State:
        assert Article.objects.in_state(each).filter(pk=article.pk).exists() is (each == state)


TURNS = [
    ("publish", State.DRAFT, State.PUBLISHED, [KINDS.PUBLISHED]),
    ("publish", State.REVIEW, State.PUBLISHED, [KINDS.PUBLISHED]),
    ("publish", State.SCHEDULED, State.PUBLISHED, [KINDS.PUBLISHED]),
    ("publish", State.PUBLISHED, State.PUBLISHED, []),
    ("publish", State.UNPUBLISHED, State.PUBLISHED, [KINDS.PUBLISHED]),
    ("unpublish", State.DRAFT, State.DRAFT, []),
    ("unpublish", State.REVIEW, State.REVIEW, []),
    ("unpublish", State.SCHEDULED, State.DRAFT, [KINDS.DESCHEDULED]),
    ("unpublish", State.PUBLISHED, State.UNPUBLISHED, [KINDS.UNPUBLISHED]),
    ("unpublish", State.UNPUBLISHED, State.UNPUBLISHED, []),
    ("send_for_review", State.DRAFT, State.REVIEW, [KINDS.SENT_FOR_REVIEW]),
    ("send_for_review", State.REVIEW, State.REVIEW, []),
    ("send_for_review", State.SCHEDULED, State.SCHEDULED, []),
    ("send_for_review", State.PUBLISHED, State.PUBLISHED, []),
    ("send_for_review", State.UNPUBLISHED, State.UNPUBLISHED, []),
    ("send_back", State.DRAFT, State.DRAFT, []),
    ("send_back", State.REVIEW, State.DRAFT, [KINDS.SENT_BACK]),
    ("send_back", State.SCHEDULED, State.SCHEDULED, []),
    ("send_back", State.PUBLISHED, State.PUBLISHED, []),
    ("send_back", State.UNPUBLISHED, State.UNPUBLISHED, []),
]


@pytest.mark.parametrize(("verb", "before", "after", "told"), TURNS)
def test_each_verb_turns_each_state_into_what_it_should_and_tells_it(
    verb: str, before: State, after: State, told: list[str]
) -> None:
    article = make(before)
    getattr(publishing, verb)(article_id=article.pk)
    article.refresh_from_db()
    assert article.state() == after
    assert acts(article) == told


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.PUBLISHED, State.UNPUBLISHED])
def test_any_article_may_be_scheduled(state: State) -> None:
    article = publishing.publish(article_id=make(state).pk, at=NOW + HOUR)
    assert article.state() == State.SCHEDULED
    assert acts(article) == [KINDS.SCHEDULED]


def test_moving_the_hour_is_told_too() -> None:
    article = make(State.SCHEDULED)
    publishing.publish(article_id=article.pk, at=NOW + 2 * HOUR)
    assert acts(article) == [KINDS.SCHEDULED]


def test_a_date_given_in_the_form_is_told_as_the_verb_would() -> None:
    article = make(State.DRAFT)
    article.published_at = NOW
    publishing.save(article, by=None)
    assert acts(article) == [KINDS.PUBLISHED]
    article.unpublished_at = NOW
    publishing.save(article, by=None)
    assert acts(article) == [KINDS.UNPUBLISHED, KINDS.PUBLISHED]


SECOND = timedelta(seconds=1)
DATES: list[tuple[State, dict[str, Any], list[str]]] = [
    (State.PUBLISHED, {"published_at": NOW - 2 * HOUR}, [KINDS.DATED]),
    (State.PUBLISHED, {"unpublished_at": NOW + HOUR}, [KINDS.DATED]),
    (State.PUBLISHED, {"published_at": NOW + HOUR}, [KINDS.SCHEDULED]),
    (State.PUBLISHED, {"published_at": None}, [KINDS.UNPUBLISHED]),
    (State.UNPUBLISHED, {"unpublished_at": NOW - SECOND}, [KINDS.DATED]),
    (State.UNPUBLISHED, {"published_at": None, "unpublished_at": None}, [KINDS.DATED]),
    (State.UNPUBLISHED, {"unpublished_at": None}, [KINDS.PUBLISHED]),
    (State.DRAFT, {"published_at": NOW - HOUR, "unpublished_at": NOW}, [KINDS.UNPUBLISHED]),
]


@pytest.mark.parametrize(("state", "dates", "told"), DATES)
def test_dates_that_change_are_told_as_what_follows(state: State, dates: dict[str, Any], told: list[str]) -> None:
    article = make(state)
    for name, at in dates.items():
        setattr(article, name, at)
    publishing.save(article, by=None)
    assert acts(article) == told


def test_a_new_draft_has_no_dates_to_tell() -> None:
    article = publishing.save(Article(headline="Un", slug="un", body="<p>a</p>", section=make_section()), by=None)
    assert acts(article) == [KINDS.CREATED]


def test_a_date_within_the_second_of_the_publication_withdraws(clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(microseconds=500_000))
    article = publishing.publish(article_id=make(State.DRAFT).pk)
    article.published_at = article.unpublished_at = NOW
    publishing.save(article, by=None)
    article.refresh_from_db()
    assert (article.state(), acts(article)) == (State.UNPUBLISHED, [KINDS.UNPUBLISHED, KINDS.PUBLISHED])


def test_an_article_that_is_published_waits_for_no_reader_in_the_newsroom() -> None:
    article = publishing.publish(article_id=make(State.REVIEW).pk)
    article.refresh_from_db()
    assert article.ready_at is None


def test_a_note_goes_with_an_article_that_is_sent_back() -> None:
    article = make(State.REVIEW)
    publishing.send_back(article_id=article.pk, note="Trop long.")
    assert article.events.get().note == "Trop long."


def test_what_becomes_public_by_itself_needs_nobody(clock: time_machine.Traveller) -> None:
    article = make(State.SCHEDULED)
    clock.move_to(NOW + HOUR)
    assert article.state() == State.PUBLISHED
    assert Article.objects.published().get() == article


# Embargo --------------------------------------------------------------------------------------


def embargoed(**values: Any) -> Article:
    """Return a draft under embargo for an hour."""
    return make_draft(embargo_until=NOW + HOUR, **values)


@pytest.mark.parametrize("at", [None, NOW, NOW + HOUR - timedelta(microseconds=1), NOW - HOUR])
def test_an_embargo_forbids_every_earlier_date(at: datetime | None) -> None:
    article = embargoed()
    with pytest.raises(publishing.Embargoed, match=r"L’article est sous embargo jusqu’au 20/11/2026 à 14:00\."):
        publishing.publish(article_id=article.pk, at=at)
    article.refresh_from_db()
    assert article.published_at is None
    assert acts(article) == []


def test_an_embargo_allows_its_end() -> None:
    assert publishing.publish(article_id=embargoed().pk, at=NOW + HOUR).state() == State.SCHEDULED


def test_an_embargo_is_over_at_its_end(clock: time_machine.Traveller) -> None:
    article = embargoed()
    clock.move_to(NOW + HOUR)
    assert publishing.publish(article_id=article.pk).state() == State.PUBLISHED


def test_an_embargo_holds_for_a_date_in_the_form() -> None:
    article = embargoed()
    article.published_at = NOW
    with pytest.raises(publishing.Embargoed):
        publishing.save(article, by=None)


def test_an_embargo_holds_for_a_new_article() -> None:
    values = {"headline": "Un", "slug": "un", "body": "<p>a</p>", "section": make_section()}
    with pytest.raises(publishing.Embargoed):
        publishing.save(Article(embargo_until=NOW + HOUR, published_at=NOW, **values), by=None)
    assert not Article.objects.exists()


def test_an_embargo_put_on_what_is_public_already_is_refused() -> None:
    article = make(State.PUBLISHED)
    article.embargo_until = NOW + HOUR
    with pytest.raises(publishing.Embargoed):
        publishing.save(article, by=None)
