"""Where readers find an article, and how often they did: told beside its form at the desk."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

from articles import archives, feeds, frontpage, popularity
from articles.models import Article, ArticleQuerySet, Author, Month, RankedArticle, Tag


@dataclass(frozen=True)
class Ranking:
    """A place in a ranking of the last days."""

    rank: int
    is_of_readings: bool
    period: popularity.Period


class Whereabouts:
    """What one can say of a stored article; each question is asked when it is put."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def is_public(self) -> bool:
        """Whether readers see it anywhere."""
        return self.article.is_published()

    @cached_property
    def front_place(self) -> int | None:
        """Its place on the front page, from 1."""
        return frontpage.place_of(self.article)

    @cached_property
    def kept_place(self) -> int | None:
        """The place that the newsroom keeps for it on the front page, from 1."""
        keys = frontpage.chosen_keys()
        return keys.index(self.article.pk) + 1 if self.article.pk in keys else None

    @cached_property
    def is_in_feed(self) -> bool:
        """Whether the site's feed still has it."""
        return self._is_among_the_latest(Article.objects.published())

    @cached_property
    def is_in_section_feed(self) -> bool:
        """Whether the feed of its section still has it."""
        return self._is_among_the_latest(Article.objects.published().filter(section=self.article.section_id))

    @cached_property
    def authors(self) -> list[Author]:
        """Those on whose pages it stands."""
        return [byline.author for byline in self.article.bylines.select_related("author")]

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags on whose pages it stands."""
        return list(self.article.tags.all())

    @cached_property
    def month(self) -> Month:
        """The month of the archives in which a public article stands."""
        return archives.month_of(cast(datetime, self.article.published_at))

    @cached_property
    def rankings(self) -> list[Ranking]:
        """Its places in the rankings of the last days, the best first."""
        rows = RankedArticle.objects.filter(article=self.article, rank__lte=popularity.FULL_LENGTH).order_by("rank")
        return [Ranking(row.rank, row.kind == RankedArticle.Kind.READ, popularity.Period(row.period)) for row in rows]

    @cached_property
    def week_views(self) -> int:
        """The readings of seven days of Paris, today included."""
        return popularity.readings_of_the_week([self.article.pk]).get(self.article.pk, 0)

    def _is_among_the_latest(self, articles: ArticleQuerySet) -> bool:
        latest = articles.newest_first().values_list("pk", flat=True)[: feeds.LENGTH]
        return self.article.pk in latest
