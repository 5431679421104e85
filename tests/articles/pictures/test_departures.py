"""An article that leaves by its own hour: a minute later its pictures have moved, as if somebody had withdrawn it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from articles import departures, figures, previews, publishing
from articles.models import Article, Event
from tests.articles.pictures.making import body, files, make_picture
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; a test moves it."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def acts(article: Article) -> list[str]:
    """Return what the history tells of an article, the oldest first."""
    return [event.kind for event in article.events.order_by("pk")]


def test_its_files_move_once_it_has_left(
    client: Client,
    clock: time_machine.Traveller,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    lead, inside = make_picture(made=True), make_picture()
    article = make_article(lead_picture=lead, body=body(inside), unpublished_at=timezone.now() + HOUR)
    draft = make_draft(body=body(inside))
    before = [*files(lead), *files(inside)]
    assert departures.see_off() == 0
    assert [*files(lead), *files(inside)] == before
    clock.shift(HOUR)
    assert {client.get(figures.address_of(name)).status_code for name in before} == {404}
    with django_capture_on_commit_callbacks(execute=True):
        assert departures.see_off() == 1
    after = [*files(lead), *files(inside)]
    assert not {*before} & {*after}
    assert [default_storage.exists(name) for name in (*before, *after)] == [False] * len(before) + [True] * len(after)
    for shown in (article, draft):
        shown.refresh_from_db()
        assert files(inside)[0] in shown.body_html


def test_it_is_seen_off_once(clock: time_machine.Traveller) -> None:
    article = make_article(unpublished_at=timezone.now() + HOUR)
    clock.shift(HOUR)
    assert [departures.see_off() for _time in range(2)] == [1, 0]
    assert acts(article) == [Event.Kind.UNPUBLISHED]


def test_what_is_withdrawn_by_hand_is_not_seen_off_again() -> None:
    article = make_article()
    publishing.unpublish(article_id=article.pk)
    assert departures.see_off() == 0


def test_what_came_back_is_seen_off_when_it_leaves_again(clock: time_machine.Traveller) -> None:
    article = make_article()
    publishing.unpublish(article_id=article.pk)
    clock.shift(HOUR)
    article = publishing.publish(article_id=article.pk)
    article.unpublished_at = timezone.now() + HOUR
    publishing.save(article, by=None)
    clock.shift(HOUR)
    assert departures.see_off() == 1
    assert acts(article)[-1] == Event.Kind.UNPUBLISHED


def test_a_picture_that_another_published_article_shows_stays(clock: time_machine.Traveller) -> None:
    picture = make_picture()
    make_article(body=body(picture), unpublished_at=timezone.now() + HOUR)
    make_article(body=body(picture))
    before = files(picture)
    clock.shift(HOUR)
    departures.see_off()
    assert files(picture) == before


def test_its_previews_end(client: Client, clock: time_machine.Traveller) -> None:
    article = make_draft()
    link = previews.link(article, 5 * HOUR)
    now = timezone.now()
    Article.objects.filter(pk=article.pk).update(published_at=now, first_published_at=now, unpublished_at=now + HOUR)
    clock.shift(HOUR)
    departures.see_off()
    assert client.get(link.path).status_code == 404


def test_an_article_that_is_put_online_again_meanwhile_stays(clock: time_machine.Traveller) -> None:
    article = make_article(unpublished_at=timezone.now() + HOUR)
    clock.shift(HOUR)
    publishing.publish(article_id=article.pk)
    publishing.see_off(article_id=article.pk)
    assert Event.Kind.UNPUBLISHED not in acts(article)


def test_where_nothing_leaves_one_question_is_asked(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_article()
    publishing.unpublish(article_id=make_article().pk)
    with django_assert_num_queries(1):
        departures.see_off()
