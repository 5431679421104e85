"""What one reads after an article: others that share its tags, then the newest of its section.

One query, whatever the size of the newspaper: the newest few of each tag and of the section, each from its own index.
The list ages as the rankings beside it do: what appears joins it when the page is next made, within a minute; what is
withdrawn or renamed leaves it at once, since the page depends on each article that it names.
"""

import functools
from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import QuerySet

from articles.models import MOST_TAGS, Article
from multitude import clock
from multitude.addresses import address
from multitude.prepared import Prepared

LENGTH = 4
# How many of the newest of each tag are weighed: older ones are no news.
WEIGHED = 8


class Related(NamedTuple):
    """An article that another one leads to."""

    pk: int
    slug: str
    headline: str
    published_at: datetime
    until: datetime | None

    @property
    def url(self) -> str:
        """The address of its page."""
        return address("articles:article", self.slug)


def to(article: Article) -> list[Related]:
    """Return the articles to read after one: those that share most tags first, then the newest, none twice."""
    tags = [tag["pk"] for tag in article.shown_tags[:MOST_TAGS]]
    rows = _candidates(len(tags)).rows(
        now=clock.now(), section=article.section_id, **{f"tag{place}": key for place, key in enumerate(tags)}
    )
    found = {row[0]: Related(*row[:-1]) for row in rows if row[0] != article.pk}
    # The section's own are weighed beside those of the tags, and count for nothing.
    shared = Counter(row[0] for row in rows if row[-1])
    newest_first = sorted(found.values(), key=lambda each: (each.published_at, each.pk), reverse=True)
    return sorted(newest_first, key=lambda each: -shared[each.pk])[:LENGTH]


@functools.cache
def _candidates(tags: int) -> Prepared[tuple[Any, ...]]:
    """Return the query of what is weighed for an article of so many tags; each row says whether it comes from a tag."""

    def build(*, now: Any, section: Any, **keys: Any) -> QuerySet[Any, tuple[Any, ...]]:
        public = Article.objects.published(now)
        newest = public.filter(section=section).newest_first()[:WEIGHED]
        arms = [_arm(newest.values("pk"), is_of_tag=False)]
        for key in keys.values():
            tagged = public.filter(taggings__tag=key, taggings__published_at__lte=now)
            newest = tagged.order_by("-taggings__published_at", "-taggings__article_id")[:WEIGHED]
            arms.append(_arm(newest.values("pk"), is_of_tag=True))
        return arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]

    names = [f"tag{place}" for place in range(tags)]
    fields = {name: models.BigIntegerField() for name in ("section", *names)}
    return Prepared(build, now=models.DateTimeField(), **fields)


def _arm(keys: QuerySet[Any, Any], *, is_of_tag: bool) -> QuerySet[Any, tuple[Any, ...]]:
    """Return what is read of some articles; SQLite takes no limit in a union, but in the keys of its parts."""
    told = Article.objects.filter(pk__in=keys).annotate(is_of_tag=models.Value(is_of_tag))
    return told.values_list("pk", "slug", "display_headline", "published_at", "unpublished_at", "is_of_tag")
