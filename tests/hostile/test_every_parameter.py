"""Every family of hostile values in every parameter of every address, for a reader and for the newsroom."""

import random
from collections.abc import Iterator

import pytest

from tests.hostile import walk
from tests.hostile.asking import Stranger
from tests.hostile.walk import Attempt, Walk

# Django's own page of a password's hash leaves a variable open.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
SLICES = range(16 if walk.WALKS_ALL else 1)


def part(attempts: Iterator[Attempt], number: int) -> Iterator[Attempt]:
    """Yield each of so many attempts, so that processes can share them."""
    yield from (attempt for place, attempt in enumerate(attempts) if place % len(SLICES) == number)


def seed() -> int:
    """Return the beginning of this run's chance, which a failure tells."""
    return random.randrange(2**32)


def assert_unmoved(person: Stranger, number: int, *, is_inside: bool) -> None:
    """Send somebody on a part of the walk; fail if they meet a fault or leave a row."""
    began = 1 if walk.WALKS_ALL else seed()
    walking = Walk(person, is_inside=is_inside)
    attempts, before = list(part(walking.attempts(random.Random(began)), number)), walk.rows()
    for attempt in attempts:
        walking.go(attempt)
    assert not walking.faults, "\n".join([str(began), *walking.faults[:20]])
    assert walk.rows() == before, began


@pytest.mark.parametrize("number", SLICES)
def test_a_reader_never_meets_a_fault_and_leaves_nothing(newspaper: None, reader: Stranger, number: int) -> None:
    assert_unmoved(reader, number, is_inside=False)


@pytest.mark.parametrize("number", SLICES)
def test_the_newsroom_never_meets_a_fault(newspaper: None, inside: Stranger, number: int) -> None:
    assert_unmoved(inside, number, is_inside=True)
