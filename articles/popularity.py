"""What readers read and discuss: one row per article and day, and the two rankings.

Who calls it: the reading beacon, the verbs of `comments` (a comment approved, or taken away),
and the pages that show rankings. It never stores anything about a visitor: that a network has
read an article is remembered for 30 minutes in the cache, and how many it read for an hour, as
a digest under a random key of the day that is in the cache only.
"""

import hmac
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from articles.models import Article, DailyTally
from multitude.clients import client_network

logger = logging.getLogger(__name__)

REPEATED_WITHIN = timedelta(minutes=30)
# Readings that one network may count in an hour: a newsroom or a school behind one address passes, a script does not.
NETWORK_CEILING = 600
FULL_LENGTH = 50
SIDE_LENGTH = 5
_ROBOTS = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/;_-]|crawl|spider|slurp|mediapartners|facebookexternalhit|embedly|preview|lighthouse|pagespeed|"
    r"monitor|uptime|pingdom|archiver|scrapy|feed|curl/|wget/|python-|java/|go-http|okhttp|libwww|httpclient|axios|node-fetch",
    re.IGNORECASE,
)


class Period(StrEnum):
    """How far back a ranking looks, in days of Paris, today included."""

    DAY = "jour"
    WEEK = "semaine"
    MONTH = "mois"
    EVER = "toujours"

    @property
    def days(self) -> int | None:
        """The number of days, or None for all time."""
        return {"jour": 1, "semaine": 7, "mois": 30}.get(self.value)

    @property
    def label(self) -> str:
        """What the page calls it."""
        labels = {
            "jour": _("Aujourd’hui"),
            "semaine": _("Cette semaine"),
            "mois": _("Ce mois-ci"),
            "toujours": _("Depuis toujours"),
        }
        return str(labels[self.value])


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One article in a ranking: what is shown of it, its count in the period and its totals."""

    headline: str
    kicker: str
    url: str
    count: int
    view_count: int
    comment_count: int


def day_of(instant: datetime) -> date:
    """Return the day in Paris on which an instant falls."""
    return timezone.localtime(instant).date()


def record_view(request: HttpRequest, article_id: int) -> None:
    """Count a reading of a published article, unless a robot, staff or a repetition sent it.

    Says nothing of what it did: whoever sends beacons learns nothing from them.
    """
    if _is_not_a_reader(request) or not Article.objects.published().filter(pk=article_id).exists():
        return
    if _is_first_reading(client_network(request), article_id):
        with transaction.atomic():
            count(article_id=article_id, day=day_of(timezone.now()), views=1)


def count(*, article_id: int, day: date, views: int = 0, comments: int = 0) -> None:
    """Add to an article's totals and to its row of the day; call it inside the act's transaction.

    The article's row is locked first, by every caller, so two counts never wait for each other
    in a circle.
    """
    Article.objects.filter(pk=article_id).update(
        view_count=F("view_count") + views, comment_count=F("comment_count") + comments
    )
    tally = DailyTally.objects.filter(article_id=article_id, day=day)
    if not tally.update(views=F("views") + views, comments=F("comments") + comments):
        DailyTally.objects.create(article_id=article_id, day=day, views=views, comments=comments)


def most_read(period: Period, length: int = FULL_LENGTH) -> list[Entry]:
    """Return the most read articles of the period, the most read first."""
    return _ranking("views", "view_count", period, length)


def most_commented(period: Period, length: int = FULL_LENGTH) -> list[Entry]:
    """Return the articles with the most comments approved in the period, the most commented first."""
    return _ranking("comments", "comment_count", period, length)


def of_the_week(length: int = SIDE_LENGTH) -> tuple[list[Entry], list[Entry]]:
    """Return this week's most read and most commented articles, together and in one query."""
    tallies = _tallies(Period.WEEK)
    leaders = [
        tallies.values("article").annotate(number=Sum(tallied)).order_by(*_ORDER).values("article")[:length]
        for tallied in ("views", "comments")
    ]
    rows = (
        tallies.filter(Q(article__in=leaders[0]) | Q(article__in=leaders[1]))
        .values(*_SHOWN, "article_id", "article__published_at")
        .annotate(views_counted=Sum("views"), comments_counted=Sum("comments"))
        .order_by("-article__published_at", "-article_id")
    )
    read = sorted((row for row in rows if row["views_counted"]), key=itemgetter("views_counted"), reverse=True)
    commented = sorted(
        (row for row in rows if row["comments_counted"]), key=itemgetter("comments_counted"), reverse=True
    )
    return (
        [_entry(row, row["views_counted"]) for row in read[:length]],
        [_entry(row, row["comments_counted"]) for row in commented[:length]],
    )


_SHOWN = (
    "article__slug",
    "article__display_headline",
    "article__display_kicker",
    "article__view_count",
    "article__comment_count",
)
_ORDER = ("-number", "-article__published_at", "-article_id")


def _tallies(period: Period) -> QuerySet[DailyTally]:
    """Return the rows of the period's days, of articles that the public may see."""
    since = day_of(timezone.now()) - timedelta(days=(period.days or 1) - 1)
    return DailyTally.objects.filter(day__gte=since, article__in=Article.objects.published().values("pk"))


def _ranking(tallied: str, total: str, period: Period, length: int) -> list[Entry]:
    """Rank by the days' rows, or by the articles' totals for all time; what counts nothing is not listed."""
    if period.days is None:
        articles = (
            Article.objects.published().filter(**{f"{total}__gt": 0}).order_by(f"-{total}", "-published_at", "-pk")
        )
        shown = {name: F(name.removeprefix("article__")) for name in _SHOWN}
        rows = articles.annotate(number=F(total)).values("number", **shown)
    else:
        rows = _tallies(period).values(*_SHOWN).annotate(number=Sum(tallied)).filter(number__gt=0).order_by(*_ORDER)
    return [_entry(row, row["number"]) for row in rows[:length]]


def _entry(row: dict[str, Any], number: int) -> Entry:
    return Entry(
        headline=row["article__display_headline"],
        kicker=row["article__display_kicker"],
        url=reverse("articles:article", args=[row["article__slug"]]),
        count=number,
        view_count=row["article__view_count"],
        comment_count=row["article__comment_count"],
    )


def _is_not_a_reader(request: HttpRequest) -> bool:
    """Tell robots, prefetching browsers and staff; a session's cookie is seen, never read."""
    purpose = (
        request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "") + request.headers.get("X-Moz", "")
    )
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or "prefetch" in purpose.lower()
        or "prerender" in purpose.lower()
        or bool(_ROBOTS.search(request.headers.get("User-Agent", "")))
    )


def _is_first_reading(network: str, article_id: int) -> bool:
    """Remember the reading for 30 minutes; False for a repetition or a network past its ceiling.

    When the cache is away, or drops the counter meanwhile (ValueError), the reading counts.
    """
    now = timezone.now()
    try:
        today, before = day_of(now), day_of(now - REPEATED_WITHIN)
        if before != today and cache.get(f"reading:{article_id}:{_reader(network, before)}"):
            return False
        reader = _reader(network, today)
        hour = f"readings:{now:%H}:{reader}"
        if not cache.add(f"reading:{article_id}:{reader}", 1, int(REPEATED_WITHIN.total_seconds())):
            return False
        cache.add(hour, 0, 3_600)
        return cache.incr(hour) <= NETWORK_CEILING
    except (RedisError, OSError, ValueError) as error:
        logger.warning("Le cache ne répond pas (%s) : une lecture est comptée sans vérifier sa répétition.", error)
        return True


def _reader(network: str, day: date) -> str:
    """Return the digest of a network under the random key of a day, which is in the cache only."""
    key = cache.get_or_set(f"reading-key:{day}", lambda: secrets.token_hex(32), 2 * 86_400)
    return hmac.digest(str(key).encode(), network.encode(), "sha256").hex()
