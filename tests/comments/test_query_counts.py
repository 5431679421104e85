"""How many queries a page may cost, and that ten times the rows cost no more."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import newsroom
from tests.comments.helpers import QUEUE, make_many, submit_path
from tests.factories import make_article, make_author, make_user
from tests.memory import empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_worker")]


def queries(client: Client, path: str) -> int:
    """Return how many queries a page costs a process that has what every page needs in memory."""
    empty_cache()
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def article() -> Article:
    """Return an article of two authors, with twenty conversations of ten comments each."""
    article = make_article(authors=[make_author(), make_author()])
    for root in make_many(20, article):
        make_many(9, article, parent=root)
    return article


def test_an_article_with_200_comments_costs_at_most_four_queries(client: Client, article: Article):
    assert article.comments.count() == 200
    assert queries(client, article.get_absolute_url()) <= 4


def test_2000_comments_cost_no_more(client: Client, article: Article):
    before = queries(client, article.get_absolute_url())
    make_many(1_800, article)

    assert queries(client, article.get_absolute_url()) == before


def test_a_selection_costs_one_query_more_on_the_first_page_of_a_thread_alone(client: Client, article: Article):
    make_many(60, article)
    path = article.get_absolute_url()
    before = {address: queries(client, address) for address in (path, f"{path}?page=2")}
    for comment in article.comments.order_by("pk")[:5]:
        newsroom.select(comment_id=comment.pk, moderator=None)

    assert queries(client, path) == before[path] + 1
    assert queries(client, f"{path}?page=2") == before[f"{path}?page=2"] == before[path] - 1


def test_an_article_without_comments_costs_no_query_for_a_selection(client: Client, article: Article):
    empty = make_article(authors=[make_author(), make_author()])

    assert queries(client, empty.get_absolute_url()) == queries(client, article.get_absolute_url()) - 1


def test_the_feed_of_an_article_costs_no_query_per_entry(client: Client):
    comments = make_many(2)
    path = f"{comments[0].article.get_absolute_url()}flux/"
    before = queries(client, path)
    make_many(60, comments[0].article)

    assert queries(client, path) == before
    assert before <= 3


def test_the_form_of_a_reply_costs_the_same_under_any_thread(client: Client):
    root, *_others = make_many(2)
    path = f"{submit_path(root.article)}?parent={root.pk}"
    before = queries(client, path)
    make_many(60, root.article)

    assert queries(client, path) == before


@pytest.fixture
def desk() -> Client:
    """Return a client of a moderator who may see personal data."""
    client = Client()
    client.force_login(make_user("cheffe", is_superuser=True))
    return client


def test_the_queue_costs_at_most_eight_queries(desk: Client):
    make_many(5, status="pending")

    assert queries(desk, QUEUE) <= 8


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}?status=all", f"{QUEUE}?status=approved", f"{QUEUE}?q=avis"])
def test_ten_times_the_queue_costs_no_more(desk: Client, path: str):
    for status in ("pending", "approved"):
        root = make_many(4, status=status)[0]
        make_many(1, root.article, status=status, parent=root)
    # A list that fits on one page need not be counted.
    short = queries(desk, path)
    for status in ("pending", "approved"):
        for _number in range(5):
            root = make_many(8, status=status)[0]
            make_many(1, root.article, status=status, parent=root)

    assert short <= queries(desk, path) <= min(short + 1, 8)


def test_the_queue_costs_a_plain_moderator_at_most_eight_queries(moderator_client: Client):
    make_many(60, status="pending")

    assert queries(moderator_client, QUEUE) <= 8
