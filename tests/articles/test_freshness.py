"""Which pages are purged when an article, a section or an author is saved or deleted, by any door."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import freshness, popularity, publishing
from articles.models import Article, Byline
from multitude.models import PurgeEvent
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _start(db: None) -> None:
    make_section(slug="rubrique")


def purged() -> set[str]:
    """Return the keys purged since the last time."""
    events = PurgeEvent.objects.all()
    keys = {key for event in events for key in event.keys.split()}
    events.delete()
    return keys


def keys_of(article: Article) -> set[str]:
    """Return the keys of all pages on which a public article may stand."""
    own = freshness.page(article.pk), freshness.headline(article.pk), freshness.sitemap(article.pk)
    return {*own, "lists", "missing"}


def test_a_new_article_that_is_public_purges_lists_and_addresses_where_there_was_nothing() -> None:
    section = make_section()
    purged()
    article = make_article(section=section)
    assert purged() == keys_of(article)


def test_a_public_article_that_is_saved_purges_its_page_and_those_that_name_it() -> None:
    article = make_article()
    purged()
    article.headline = "Rectifié"
    article.save()
    assert purged() == keys_of(article)


def test_a_scheduled_article_that_is_deleted_purges_the_same() -> None:
    article = make_draft(published_at=timezone.now() + timedelta(hours=1))
    expected = keys_of(article)
    purged()
    article.delete()
    assert purged() == expected


@pytest.mark.parametrize("verb", ["publish", "schedule", "unpublish"])
def test_the_verbs_of_publication_purge(verb: str) -> None:
    article = make_article() if verb == "unpublish" else make_draft()
    purged()
    if verb == "schedule":
        publishing.publish(article_id=article.pk, at=timezone.now() + timedelta(hours=1))
    else:
        getattr(publishing, verb)(article_id=article.pk)
    assert purged() == keys_of(article)


def test_a_withdrawn_article_purges_still() -> None:
    article = make_article()
    publishing.unpublish(article_id=article.pk)
    purged()
    article.refresh_from_db()
    article.save()
    assert purged() == keys_of(article)


def test_work_on_a_draft_purges_nothing() -> None:
    section = make_section()
    purged()
    article = make_draft(section=section)
    article.headline = "Autre"
    article.save()
    assert purged() == set()


def test_a_signature_purges_the_article_and_the_lists() -> None:
    article, author = make_article(), make_author()
    purged()
    byline = Byline.objects.create(article=article, author=author)
    expected = {f"article:{article.pk}", "lists", "missing"}
    assert purged() == expected
    byline.delete()
    assert purged() == expected


@pytest.mark.parametrize("make", [make_section, make_author])
def test_a_section_or_an_author_purges_the_whole_site(make) -> None:
    made = make()
    assert purged() == {"site"}
    made.name = "Autre"
    made.save()
    assert purged() == {"site"}
    made.delete()
    assert purged() == {"site"}


def test_a_reading_purges_nothing() -> None:
    article = make_article()
    purged()
    popularity.count(article_id=article.pk, day=timezone.localdate(), views=1)
    popularity.readings.put_back({(article.pk, timezone.localdate()): 1})
    popularity.fold()
    popularity.refresh_rankings()
    assert purged() == set()
