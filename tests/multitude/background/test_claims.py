"""A chore that one process does for all: exactly one may, once in its time."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from multitude.background import housekeeping
from multitude.background.housekeeping import claim
from multitude.models import Chore
from tests.parallel import THREADS, together

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_chore_may_be_done_once_in_its_time() -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        assert [claim("rankings", 60), claim("rankings", 60)] == [True, False]
        traveller.shift(timedelta(seconds=59))
        assert not claim("rankings", 60)
        traveller.shift(timedelta(seconds=1))
        assert [claim("rankings", 60), claim("rankings", 60)] == [True, False]


@pytest.mark.django_db
def test_chores_are_claimed_apart() -> None:
    assert [claim("rankings", 60), claim("purges", 60)] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "granted"), [(30, False), (60, False), (61, True), (9 * 365 * 86_400, True)])
def test_a_claim_by_a_clock_that_was_far_ahead_holds_nobody_up(ahead: int, granted: bool) -> None:
    with time_machine.travel(NOW + timedelta(seconds=ahead), tick=False):
        claim("rankings", 60)
    with time_machine.travel(NOW, tick=False):
        assert claim("rankings", 60) is granted
        assert not claim("rankings", 60)


@pytest.mark.django_db
@pytest.mark.parametrize("granted", [True, False])
def test_what_is_not_claimed_is_not_done(monkeypatch: pytest.MonkeyPatch, granted: bool) -> None:
    done = []
    monkeypatch.setattr(housekeeping, "_chores", [])
    monkeypatch.setattr(housekeeping, "claim", lambda name, seconds: granted and (name, seconds) == ("rankings", 60))
    housekeeping.once_for_all("rankings", "classements", 60, lambda: done.append(1))
    [chore] = housekeeping._chores
    chore.act()
    assert len(done) == granted
    assert chore.seconds <= 60 / 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claimed_before", [True, False])
def test_of_eight_who_claim_together_one_may(claimed_before: bool) -> None:

    def one(name: str, number: int) -> bool:
        return claim(name, 60)

    for turn in range(10):
        name = f"chore-{turn}"
        if claimed_before:
            Chore.objects.create(name=name, claimed_at=datetime(2020, 1, 1, tzinfo=UTC))
        assert sorted(together(partial(one, name))) == [False] * (THREADS - 1) + [True]


@pytest.mark.django_db
def test_a_claim_that_is_given_back_may_be_had_at_once() -> None:
    claim("digest", 60)
    housekeeping.give_back("digest")
    assert claim("digest", 60)
