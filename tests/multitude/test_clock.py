"""The newspaper's clock: the database's, where it is on another machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from multitude import clock
from tests.factories import make_article

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _compared() -> Iterator[None]:
    """Believe this machine's clock again afterwards."""
    yield
    clock._behind = timedelta()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_a_machine_whose_clock_is_wrong_lives_by_the_database_s(client: Client, wrong_by: timedelta) -> None:
    right = datetime.now(UTC)
    coming, online = make_article(published_at=right + HOUR / 2), make_article(published_at=right - HOUR / 2)
    with time_machine.travel(right + wrong_by, tick=True):
        clock.compare()
        assert abs(clock.now() - right) < timedelta(seconds=30)
        assert abs(clock.time() - right.timestamp()) < 30
        assert client.get(coming.get_absolute_url()).status_code == 404
        assert client.get(online.get_absolute_url()).status_code == 200
    clock.compare()
    assert clock._behind == timedelta()


def test_a_file_on_this_machine_has_no_other_clock(django_assert_num_queries: Callable) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL a son horloge.")
    with django_assert_num_queries(0):
        clock.compare()
    assert clock._behind == timedelta()
