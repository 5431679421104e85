"""Submissions at the same instant, in real threads: still one row, still five at most."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import post
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def together(send: Callable[[Client, int], HttpResponse]) -> list[HttpResponse]:
    """Send from eight threads at once, each with its own connection, and return the answers."""
    barrier = Barrier(THREADS)

    def one(number: int) -> HttpResponse:
        try:
            barrier.wait(timeout=30)
            return send(Client(), number)
        finally:
            connection.close()

    connection.close()
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def test_eight_identical_submissions_at_once_are_one_comment():
    article = make_article()
    responses = together(lambda client, number: post(client, article))

    assert Comment.objects.count() == 1
    assert {response["Location"] for response in responses} == {Comment.objects.get().get_absolute_url()}


def test_one_network_never_passes_more_than_five():
    article = make_article()
    responses = together(lambda client, number: post(client, article, body=f"Avis {number}"))

    assert Counter(response.status_code for response in responses) == {303: 5, 429: 3}
    assert Comment.objects.count() == 5


def test_eight_networks_at_once_all_pass():
    article = make_article()
    responses = together(
        lambda client, number: post(
            client, article, author_email=f"l{number}@exemple.fr", REMOTE_ADDR=f"203.0.113.{number}"
        )
    )

    assert Counter(response.status_code for response in responses) == {303: 8}
    assert Comment.objects.count() == 8
