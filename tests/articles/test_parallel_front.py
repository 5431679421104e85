"""The front page arranged by eight at the same instant, in real threads: one is heard, the others are told."""

from collections import Counter

import pytest

from articles import frontpage
from tests.factories import make_article
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("number", [0, 2], ids=["empty", "filled"])
def test_of_eight_who_saw_the_same_one_is_heard(number: int) -> None:
    before = [make_article().pk for _ in range(number)]
    frontpage.arrange(before, seen=[])
    mine = [make_article().pk for _ in range(THREADS)]

    def arrange(thread: int) -> str:
        try:
            frontpage.arrange([mine[thread], *before], seen=before)
        except frontpage.Rearranged:
            return "told"
        return "heard"

    assert Counter(together(arrange)) == {"heard": 1, "told": THREADS - 1}
    [first, *others] = frontpage.chosen_keys()
    assert first in mine
    assert others == before
