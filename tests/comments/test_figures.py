"""The figures of moderation: how long one waits, who decides, and thirty days of Paris."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from comments import counters, figures, newsroom
from comments.models import Comment
from tests.factories import decide, make_comment, make_user

pytestmark = pytest.mark.django_db

# A Wednesday: 10 hours in Paris.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def at(moment: datetime) -> time_machine.travel:
    """Stand at an instant."""
    return time_machine.travel(moment, tick=False)


def wrote(moment: datetime) -> Comment:
    """Return a comment that came at an instant."""
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(submitted_at=moment)
    return comment


def waited(comment: Comment, wait: timedelta, action: str = "approve", **values: object) -> Comment:
    """Decide so long after a comment came."""
    comment.refresh_from_db()
    with at(comment.submitted_at + wait):
        return decide(comment, action, **values)


def day(moment: date) -> figures.Day:
    """Return the figures of a day."""
    with at(NOW):
        [found] = [each for each in figures.thirty_days() if each.day == moment]
    return found


@pytest.fixture
def header() -> figures.Header:
    """Return the figures of an empty desk."""
    with at(NOW):
        return figures.header()


def test_an_empty_desk_has_no_figures(header: figures.Header):
    assert header == figures.Header(oldest=None, oldest_escalated=None, median=None, today=[])
    assert (header.decided_today, header.median_label) == (0, "")


def test_the_oldest_that_waits_is_told_apart_for_moderators_and_director():
    first, second, third = (wrote(NOW - timedelta(hours=hours)) for hours in (9, 8, 7))
    decide(first, "escalate", explanation="Un doute.")
    Comment.objects.filter(pk=third.pk).update(is_suspect=True)
    counters.recount()
    with at(NOW):
        found = figures.header()
    assert (found.oldest_escalated, found.oldest) == (NOW - timedelta(hours=9), NOW - timedelta(hours=8))

    decide(second, "approve")
    with at(NOW):
        assert figures.header().oldest == NOW - timedelta(hours=7)


@pytest.mark.parametrize(("waits", "median"), [([10], 10), ([10, 30], 20), ([40, 10, 20], 20), ([50, 10, 20, 40], 30)])
def test_the_median_is_the_wait_in_the_middle(waits: list[int], median: int):
    for minutes in waits:
        waited(wrote(NOW - timedelta(hours=2)), timedelta(minutes=minutes))
    with at(NOW):
        assert figures.header().median == timedelta(minutes=median)


def test_the_median_is_of_first_decisions_since_monday_in_paris():
    monday = datetime(2026, 11, 22, 23, tzinfo=UTC)
    waited(wrote(monday - timedelta(hours=5)), timedelta(hours=5, seconds=-1))
    waited(wrote(monday - timedelta(hours=3)), timedelta(hours=3))
    again = waited(wrote(monday - timedelta(hours=4)), timedelta(hours=2), "reject", reason="insult")
    waited(waited(again, timedelta(hours=5), "return_to_queue"), timedelta(hours=9))

    with at(NOW):
        assert figures.header().median == timedelta(hours=3)


def test_passing_a_comment_on_does_not_stop_the_clock():
    comment = waited(wrote(NOW - timedelta(hours=8)), timedelta(hours=1), "escalate", explanation="Un doute.")
    waited(comment, timedelta(hours=6))

    with at(NOW):
        assert figures.header().median == timedelta(hours=6)


def test_who_decided_today_is_told_the_most_first(moderator: User):
    named = make_user("zoe", first_name="Zoé", last_name="Martin")
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)
    for moment, who in ((midnight - timedelta(seconds=1), named), (midnight, moderator), (NOW, named), (NOW, named)):
        with at(moment):
            decide(make_comment(), "approve", moderator=who)
    with at(NOW):
        decide(make_comment(), "approve")
        found = figures.header()

    assert found.today == [("Zoé Martin", 2), ("commandes et règles", 1), ("moderatrice", 1)]
    assert found.decided_today == 4


def test_what_was_taken_back_counts_nowhere(moderator: User):
    with at(NOW):
        comment = decide(make_comment(), "reject", reason="insult", moderator=moderator)
        decide(comment, "undo", moderator=moderator)
        decide(comment, "approve", moderator=moderator)
        header = figures.header()
    assert header.today == [("moderatrice", 1)]
    assert header.median == timedelta(0)

    found = day(NOW.date())
    assert (found.refused_in_all, found.approved) == (0, 1)


def test_a_decision_taken_back_is_no_wait_and_a_later_one_is():
    with at(NOW - timedelta(hours=3)):
        comment = make_comment()
    with at(NOW - timedelta(hours=2)):
        decide(comment, "approve")
        decide(comment, "undo")
    with at(NOW):
        assert figures.header().median is None
        decide(comment, "approve")
        assert figures.header().median == timedelta(hours=3)


def test_what_the_newsroom_writes_is_neither_decided_nor_waited_for(moderator: User):
    with at(NOW - timedelta(hours=1)):
        answered = make_comment()
    with at(NOW):
        decide(answered, "approve", moderator=moderator)
        newsroom.answer(comment_id=answered.pk, body="Merci de votre lecture.", moderator=moderator)
        header = figures.header()

    assert (header.median, header.decided_today) == (timedelta(hours=1), 1)
    assert day(NOW.date()).approved == 1


def test_thirty_days_are_told_today_included_the_oldest_first():
    with at(NOW):
        days = figures.thirty_days()

    assert [each.day for each in days] == [date(2026, 10, 27) + timedelta(days=number) for number in range(30)]


def test_a_day_tells_what_came_and_what_was_decided():
    with at(NOW):
        for action, reason in (("approve", ""), ("reject", "insult"), ("reject", "insult"), ("reject", "hate")):
            decide(make_comment(), action, reason=reason)
        decide(make_comment(), "mark_as_spam")
        decide(decide(make_comment(), "approve"), "remove", reason="illegal")
        decide(make_comment(), "escalate", explanation="Un doute.")
    found = day(NOW.date())

    assert (found.submitted, found.approved, found.spam, found.removed) == (7, 2, 1, 1)
    assert (found.refused, found.refused_in_all) == (Counter(insult=2, hate=1), 3)


def test_what_the_newsroom_writes_is_not_received():
    with at(NOW):
        Comment.objects.filter(pk=make_comment().pk).update(is_newsroom=True)

    assert day(NOW.date()).submitted == 0


@pytest.mark.parametrize(
    ("today", "begin", "end"),
    [
        (date(2026, 3, 29), "2026-03-28T23:00", "2026-03-29T22:00"),
        (date(2026, 10, 25), "2026-10-24T22:00", "2026-10-25T23:00"),
    ],
)
@pytest.mark.parametrize("back", [0, 1, 29])
def test_days_begin_at_midnight_in_paris_whatever_the_clocks_do(today: date, begin: str, end: str, back: int):
    first, after = (datetime.fromisoformat(f"{instant}+00:00") for instant in (begin, end))
    for moment in (first - timedelta(seconds=1), first, after - timedelta(seconds=1), after):
        wrote(moment)
        with at(moment):
            decide(make_comment(), "approve")
    Comment.objects.filter(status="approved").update(submitted_at=datetime(2020, 1, 1, tzinfo=UTC))
    with at(datetime.combine(today + timedelta(days=back), datetime.min.time(), UTC) + timedelta(hours=12)):
        found = {each.day: (each.submitted, each.approved) for each in figures.thirty_days()}

    assert found[today] == (2, 2)


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0, "moins d’une minute"), (59, "moins d’une minute"), (60, "1 min"), (4_440, "1 h 14 min"), (273_600, "3 j 4 h")],
)
def test_a_duration_is_said_by_its_two_largest_units(seconds: int, label: str):
    assert figures.duration_label(timedelta(seconds=seconds)).replace("\u00a0", " ") == label


@pytest.mark.usefixtures("in_a_worker")
def test_a_web_process_remembers_them_for_a_minute(monkeypatch: pytest.MonkeyPatch):
    def told() -> tuple[int, int]:
        return figures.header().decided_today, figures.thirty_days()[-1].approved

    assert told() == (0, 0)
    decide(make_comment(), "approve")
    assert told() == (0, 0)
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert told() == (1, 1)


def test_the_head_is_worked_out_ahead_while_moderators_are_at_work_and_only_then(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
):
    monkeypatch.setattr(figures, "_asked_at", -float(figures.IN_USE_SECONDS))
    monkeypatch.setattr(figures, "monotonic", lambda: 0.0)
    with django_assert_num_queries(0):
        figures.renew()
    figures.header()
    with django_assert_num_queries(3):
        figures.renew()
