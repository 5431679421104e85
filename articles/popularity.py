"""What readers read and discuss: one row per article and day, and the two rankings.

Who calls it: the reading beacon, the verbs of `comments` (a comment approved, or taken away),
and the pages that show rankings. It never stores anything about a visitor: that a network has
read an article is remembered for 30 minutes in the cache, as a digest under a random key of the
day that is in the cache only.
"""

import hmac
import logging
import re
import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, DailyTally
from multitude.clients import client_network

logger = logging.getLogger(__name__)

REPEATED_WITHIN = timedelta(minutes=30)
NETWORK_CEILING = 600
FULL_LENGTH = 50
SIDE_LENGTH = 5
_ROBOTS = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|mediapartners|facebookexternalhit|embedly|preview|lighthouse|pagespeed|"
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


def day_of(instant: datetime) -> date:
    """Return the day in Paris on which an instant falls."""
    return timezone.localtime(instant).date()


def record_view(request: HttpRequest, article_id: int) -> None:
    """Count a reading of a published article, unless a robot, staff or a repetition sent it.

    Says nothing of what it did: whoever sends beacons learns nothing from them.
    """
    if _is_not_a_reader(request) or not _is_first_reading(client_network(request), article_id):
        return
    if Article.objects.published().filter(pk=article_id).exists():
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


def most_read(period: Period, length: int = SIDE_LENGTH) -> list[dict[str, Any]]:
    """Return the most read articles of the period: see `_ranking` for what each entry holds."""
    return _ranking("views", "view_count", period, length)


def most_commented(period: Period, length: int = SIDE_LENGTH) -> list[dict[str, Any]]:
    """Return the articles with the most comments approved in the period: see `_ranking`."""
    return _ranking("comments", "comment_count", period, length)


def _ranking(tallied: str, total: str, period: Period, length: int) -> list[dict[str, Any]]:
    """Return dicts of headline, kicker, url, count (in the period), view_count and comment_count.

    At equal counts the newer article comes first; an article that counts nothing is not listed.
    """
    published = Article.objects.published()
    shown = ("slug", "display_headline", "display_kicker", "view_count", "comment_count")
    if period.days is None:
        rows = (
            published.filter(**{f"{total}__gt": 0})
            .order_by(f"-{total}", "-published_at")
            .values(*shown, number=F(total))
        )
    else:
        since = day_of(timezone.now()) - timedelta(days=period.days - 1)
        rows = (
            DailyTally.objects.filter(day__gte=since, article__in=published.values("pk"))
            .values(**{name: F(f"article__{name}") for name in shown})
            .annotate(number=Sum(tallied))
            .filter(number__gt=0)
            .order_by("-number", "-article__published_at")
        )
    return [
        {
            "headline": row["display_headline"],
            "kicker": row["display_kicker"],
            "url": reverse("articles:article", args=[row["slug"]]),
            "count": row["number"],
            "view_count": row["view_count"],
            "comment_count": row["comment_count"],
        }
        for row in rows[:length]
    ]


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

    When the cache is away nothing can be recognised, and the reading counts.
    """
    now = timezone.now()
    try:
        key = cache.get_or_set(f"reading-key:{day_of(now)}", lambda: secrets.token_hex(32), 86_400)
        reader = hmac.digest(str(key).encode(), network.encode(), "sha256").hex()
        hour = f"readings:{now:%H}:{reader}"
        if not cache.add(f"reading:{article_id}:{reader}", 1, int(REPEATED_WITHIN.total_seconds())):
            return False
        cache.add(hour, 0, 3_600)
        return cache.incr(hour) <= NETWORK_CEILING
    except Exception:
        logger.warning("Le cache ne répond pas : une lecture a été comptée sans vérifier sa répétition.")
        return True
