"""Charters published and settings saved at the same instant, in real threads."""

from collections import Counter

import pytest
from django.db import models

from comments import charter, house
from comments.models import Charter, CommentSettings
from multitude.versions import Superseded
from tests.factories import make_charter
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("named", [True, False], ids=["naming the last", "naming none"])
def test_of_eight_versions_those_that_are_taken_have_each_its_number(named: bool):
    models.QuerySet(Charter).delete()
    make_charter()

    def publish(number: int) -> str:
        try:
            charter.publish(body=f"<p>{number}</p>", author=None, replaces=1 if named else None)
        except Superseded:
            return "too late"
        return "taken"

    outcomes = Counter(together(publish))
    assert outcomes.total() == THREADS
    assert outcomes["taken"] >= 1
    assert not named or outcomes["taken"] == 1
    numbers = list(Charter.objects.values_list("number", flat=True))
    assert numbers == list(range(outcomes["taken"] + 1, 0, -1))


def test_settings_saved_for_the_first_time_by_eight_are_one_row():
    together(lambda number: house.keep(CommentSettings(closes_after_days=number + 1)))

    assert CommentSettings.objects.get().closes_after_days in range(1, THREADS + 1)
