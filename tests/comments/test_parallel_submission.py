"""Submissions at the same instant, in real threads: still one row, still five at most."""

from collections import Counter

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import post
from tests.factories import make_article
from tests.parallel import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_identical_submissions_at_once_are_one_comment():
    article = make_article()
    responses = together(lambda number: post(Client(), article))

    assert Comment.objects.count() == 1
    assert {response["Location"] for response in responses} == {Comment.objects.get().get_absolute_url()}


def test_one_network_never_passes_more_than_five():
    article = make_article()
    responses = together(lambda number: post(Client(), article, body=f"Avis {number}"))

    assert Counter(response.status_code for response in responses) == {303: 5, 429: 3}
    assert Comment.objects.count() == 5


def test_eight_networks_at_once_all_pass():
    article = make_article()
    responses = together(
        lambda number: post(Client(), article, author_email=f"l{number}@exemple.fr", REMOTE_ADDR=f"203.0.113.{number}")
    )

    assert Counter(response.status_code for response in responses) == {303: 8}
    assert Comment.objects.count() == 8
