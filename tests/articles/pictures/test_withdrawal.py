"""Unpublishing an article gives new addresses to the pictures that nothing else published shows; a crash loses no file."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from articles import figures, publishing
from articles.models import Article
from multitude.models import PurgeEvent
from tests.articles.pictures.making import body, files, make_picture
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db


def unpublish(article: Article, capture: DjangoCaptureOnCommitCallbacks) -> None:
    """Withdraw an article, and do what its commit brings."""
    with capture(execute=True):
        publishing.unpublish(article_id=article.pk)


def test_an_article_that_is_unpublished_moves_its_files(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lead, inside = make_picture(made=True), make_picture()
    article = make_article(lead_picture=lead, body=body(inside))
    before = [*files(lead), *files(inside)]
    unpublish(article, django_capture_on_commit_callbacks)
    after = [*files(lead), *files(inside)]
    assert not {*before} & {*after}
    assert all(len(name.split("/")[0]) == 32 for name in after)
    assert [default_storage.exists(name) for name in before] == [False] * len(before)
    assert [default_storage.exists(name) for name in after] == [True] * len(after)
    assert {client.get(figures.address_of(name)).status_code for name in [*before, *after]} == {404}


@pytest.mark.parametrize("at", [None, timezone.now() + timedelta(days=1)], ids=["draft", "scheduled"])
def test_a_date_taken_or_put_off_withdraws_as_well(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, at: datetime | None
) -> None:
    picture = make_picture()
    article = make_article(lead_picture=picture)
    [before] = files(picture)
    article.published_at = at
    with django_capture_on_commit_callbacks(execute=True):
        publishing.save(article, by=None)
    assert files(picture) != [before]
    assert client.get(figures.address_of(before)).status_code == 404


def test_published_again_it_shows_its_pictures_at_their_new_addresses(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = make_picture(made=True)
    article = make_article(lead_picture=picture, body=body(picture))
    old = files(picture)
    unpublish(article, django_capture_on_commit_callbacks)
    article = publishing.publish(article_id=article.pk)
    new = files(picture)
    key = new[0].split("/")[0]
    assert article.lead_html.count(f"/media/{key}/") == 3
    assert article.body_html.count(f"/media/{key}/") == 3
    assert {client.get(figures.address_of(name)).status_code for name in new} == {200}
    assert {client.get(figures.address_of(name)).status_code for name in old} == {404}


def test_a_picture_that_another_published_article_shows_stays(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    both, alone = make_picture(), make_picture()
    article = make_article(lead_picture=both, body=body(alone))
    make_article(body=body(both))
    before = files(both), files(alone)
    unpublish(article, django_capture_on_commit_callbacks)
    assert files(both) == before[0]
    assert files(alone) != before[1]


def test_drafts_that_use_a_moved_picture_show_it_where_it_now_is(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = make_picture()
    article, draft = make_article(body=body(picture)), make_draft(lead_picture=picture, body=body(picture))
    modified = draft.modified_at
    unpublish(article, django_capture_on_commit_callbacks)
    key = files(picture)[0].split("/")[0]
    for stored in (Article.objects.get(pk=article.pk), Article.objects.get(pk=draft.pk)):
        assert f"/media/{key}/" in stored.body_html
    draft.refresh_from_db()
    assert (draft.modified_at, draft.version) == (modified, 0)
    assert f"/media/{key}/" in draft.lead_html
    assert f"/media/{key}/" in draft.card_html


def test_what_moves_is_purged(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    picture = make_picture()
    article, draft = make_article(body=body(picture)), make_draft(body=body(picture))
    PurgeEvent.objects.all().delete()
    unpublish(article, django_capture_on_commit_callbacks)
    purged = {key for event in PurgeEvent.objects.all() for key in event.keys.split()}
    assert {f"picture:{picture.pk}", f"article:{article.pk}", f"headline:{article.pk}", f"article:{draft.pk}"} <= purged


def test_a_withdrawal_that_fails_leaves_every_file_where_it_is() -> None:
    picture = make_picture(made=True)
    article = make_article(body=body(picture))
    before = files(picture)
    with suppress(RuntimeError), transaction.atomic():
        publishing.unpublish(article_id=article.pk)
        raise RuntimeError
    assert files(picture) == before
    assert all(default_storage.exists(name) for name in before)


@pytest.mark.parametrize("error", [OSError, RuntimeError])
@pytest.mark.parametrize("failing", ["open", "save"])
def test_a_storage_that_fails_keeps_no_article_public(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
    error: type[Exception],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = make_picture(made=True)
    article = make_article(body=body(picture))
    before = files(picture)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise error("le disque est plein")

    monkeypatch.setattr(default_storage, failing, fail)
    unpublish(article, django_capture_on_commit_callbacks)
    monkeypatch.undo()
    assert files(picture) == before
    assert all(default_storage.exists(name) for name in before)
    assert {client.get(figures.address_of(name)).status_code for name in before} == {404}


def test_an_article_that_is_published_or_saved_moves_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = make_picture()
    article = make_draft(lead_picture=picture)
    before = files(picture)
    with django_capture_on_commit_callbacks(execute=True):
        article = publishing.publish(article_id=article.pk)
        article.headline = "Autre"
        publishing.save(article, by=None)
    assert files(picture) == before


def test_many_pictures_cost_few_queries(
    django_assert_max_num_queries: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shown = [make_picture(made=True) for _ in range(8)]
    article = make_article(body=body(*shown))
    with django_assert_max_num_queries(70):
        unpublish(article, django_capture_on_commit_callbacks)
