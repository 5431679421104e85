"""What readers read and discuss: one row per article and day, and the two rankings.

Who calls it: the reading beacon, the verbs of `comments` (a comment approved, or taken away),
and the pages that show rankings. Readings wait in memory and are folded into rows every ten
seconds; the rankings of the last days are worked out once a minute, by one process, and stored.
Nothing here says anything about a visitor.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from itertools import batched, groupby
from operator import itemgetter, or_
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, DailyTally, RankedArticle
from articles.readings import Readings
from multitude import bulk, caching, clock
from multitude.addresses import address
from multitude.background import housekeeping
from multitude.transactions import act

FULL_LENGTH = 50
SIDE_LENGTH = 5
FOLD_SECONDS = 10
RANKING_SECONDS = 60
# Its purge asks every process to fold what it holds.
READINGS = "readings"
# Some ranked articles may be withdrawn before the next ranking: more are stored than shown.
_STORED_LENGTH = FULL_LENGTH + 10
_FOLDED_AT_ONCE = 500
# SQLite takes no condition of more than 1,000 parts.
_SUBTRACTED_AT_ONCE = 200

readings = Readings()


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
    """One article in a ranking: what is shown of it, its count in the period, and when it will be withdrawn."""

    article_id: int
    headline: str
    url: str
    count: int
    until: datetime | None


def day_of(instant: datetime) -> date:
    """Return the day in Paris on which an instant falls."""
    return timezone.localtime(instant).date()


def record_view(environ: Mapping[str, Any], article_id: int) -> None:
    """Count the reading that a beacon tells of, unless a robot, staff or a repetition sent it.

    `environ` is the request's WSGI environment. Says nothing of what it did: whoever sends beacons
    learns nothing from them. It touches memory alone, in a process that folds it later.
    """
    readings.take(environ, article_id)
    if not housekeeping.is_running():
        fold()


def fold() -> None:
    """Add the readings that this process holds to the rows of the days and to the articles' totals.

    Those of what is not a published article are dropped. Raises DatabaseError; what is not written is held still.
    """
    left = readings.drain()
    try:
        for some in batched(sorted(left), _FOLDED_AT_ONCE):
            _add_views({entry: left[entry] for entry in some})
            for entry in some:
                del left[entry]
    finally:
        readings.put_back(left)


def ask_all_to_fold() -> None:
    """Have every process fold what it holds, within seconds."""
    caching.purge(READINGS)


def fold_when_asked(keys: frozenset[str]) -> None:
    """Have this process's fold come next, when it was asked for."""
    if READINGS in keys:
        housekeeping.hasten(fold)


@act()
def _add_views(tally: Mapping[tuple[int, date], int]) -> None:
    """Write a batch, in the order of the articles' keys, so that two processes never wait for each other in a circle."""
    published = set(Article.objects.published().filter(pk__in={pk for pk, _day in tally}).values_list("pk", flat=True))
    rows = [(pk, day, views) for (pk, day), views in sorted(tally.items()) if pk in published]
    totals: Counter[int] = Counter()
    for pk, _day, views in rows:
        totals[pk] += views
    article, daily = (
        connection.ops.quote_name(Article._meta.db_table),
        connection.ops.quote_name(DailyTally._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {article} SET view_count = view_count + %s WHERE id = %s",  # noqa: S608  a table's own name
            [(views, pk) for pk, views in sorted(totals.items())],
        )
        cursor.executemany(
            f"INSERT INTO {daily} (article_id, day, views, comments) VALUES (%s, %s, %s, 0)"  # noqa: S608
            f" ON CONFLICT (article_id, day) DO UPDATE SET views = {daily}.views + EXCLUDED.views",
            rows,
        )


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


def count_comments(changes: Mapping[tuple[int, date], int]) -> None:
    """Add to the comments of articles on days, by article and day; call it inside the act's transaction.

    The articles' rows are locked first and in their order, as `count` locks one, so that nobody waits in a circle.
    """
    totals: Counter[int] = Counter()
    for (article_id, _day), number in changes.items():
        totals[article_id] += number
    locked = Article.objects.filter(pk__in=totals).order_by("pk").select_for_update(no_key=True)
    bulk.increase(Article, "comment_count", [(pk, totals[pk]) for pk in locked.values_list("pk", flat=True)])
    more = [(*key, number) for key, number in sorted(changes.items()) if number > 0]
    bulk.insert_or_increase(
        DailyTally, ("article_id", "day", "comments"), more, unique=("article_id", "day"), amount="comments"
    )
    # What is subtracted was counted on that day, so the row is there.
    less = sorted((number, *key) for key, number in changes.items() if number < 0)
    for number, same in groupby(less, key=itemgetter(0)):
        for some in batched(same, _SUBTRACTED_AT_ONCE):
            concerned = reduce(or_, (Q(article=article_id, day=day) for _number, article_id, day in some))
            DailyTally.objects.filter(concerned).update(comments=F("comments") + number)


def readings_of_the_week(article_ids: Collection[int]) -> dict[int, int]:
    """Return how often each of some articles was read in seven days of Paris, today included; those unread are left out."""
    since = day_of(clock.now()) - timedelta(days=6)
    tallies = DailyTally.objects.filter(article__in=article_ids, day__gte=since).order_by()
    return dict(tallies.values_list("article_id").annotate(number=Sum("views")).filter(number__gt=0))


def most_read(period: Period) -> list[Entry]:
    """Return the most read articles of the period, the most read first."""
    return _ranking(RankedArticle.Kind.READ, period)


def most_commented(period: Period) -> list[Entry]:
    """Return the articles with the most comments approved in the period, the most commented first."""
    return _ranking(RankedArticle.Kind.COMMENTED, period)


def of_the_week() -> tuple[list[Entry], list[Entry]]:
    """Return the first of this week's most read and most commented articles, in one query."""
    _see_to_it()
    places = SIDE_LENGTH + _STORED_LENGTH - FULL_LENGTH
    stored = Article.objects.published().filter(rankings__period=Period.WEEK, rankings__rank__lte=places)
    rows = stored.order_by("rankings__kind", "rankings__rank").values(*_SHOWN, "rankings__kind", **_STORED_COUNT)
    read, commented = (
        [_entry(row) for row in rows if row["rankings__kind"] == kind][:SIDE_LENGTH]
        for kind in (RankedArticle.Kind.READ, RankedArticle.Kind.COMMENTED)
    )
    return read, commented


def refresh_rankings() -> None:
    """Work out the rankings of the last days from the days' rows, and store them; one process does so once a minute."""
    now = clock.now()
    wanted = {
        (kind.value, period.value, rank): row
        for kind in RankedArticle.Kind
        for period in Period
        if period.days is not None
        for rank, row in enumerate(_leaders(kind, period, now), start=1)
    }
    with suppress(IntegrityError):  # another process has just stored them
        _store(wanted)


@act()
def _store(wanted: Mapping[tuple[str, str, int], tuple[int, int]]) -> None:
    """Replace the stored rankings, unless they are the same."""
    rows = RankedArticle.objects.values_list("kind", "period", "rank", "article_id", "count")
    if {(kind, period, rank): (pk, number) for kind, period, rank, pk, number in rows} == wanted:
        return
    RankedArticle.objects.all().delete()
    RankedArticle.objects.bulk_create(
        RankedArticle(kind=kind, period=period, rank=rank, article_id=pk, count=number)
        for (kind, period, rank), (pk, number) in wanted.items()
    )


_SHOWN = ("pk", "slug", "display_headline", "unpublished_at")
_STORED_COUNT = {"number": F("rankings__count")}
_TALLIED = {RankedArticle.Kind.READ: "views", RankedArticle.Kind.COMMENTED: "comments"}
_TOTALS = {RankedArticle.Kind.READ: "view_count", RankedArticle.Kind.COMMENTED: "comment_count"}


def _leaders(kind: RankedArticle.Kind, period: Period, now: datetime) -> list[tuple[int, int]]:
    """Return (article, count) of the period's first ones; at equal counts the newer comes first."""
    since = day_of(now) - timedelta(days=(period.days or 1) - 1)
    tallies = DailyTally.objects.filter(day__gte=since, article__in=Article.objects.published(now).values("pk"))
    counted = tallies.values("article_id").annotate(number=Sum(_TALLIED[kind])).filter(number__gt=0)
    leaders = counted.order_by("-number", "-article__published_at", "-article_id")
    return list(leaders.values_list("article_id", "number")[:_STORED_LENGTH])


def _ranking(kind: RankedArticle.Kind, period: Period) -> list[Entry]:
    """Read the stored ranking, or for all time the articles' totals, which are indexed; without what was withdrawn since."""
    articles = Article.objects.published()
    if period.days is None:
        total = _TOTALS[kind]
        ranked = articles.filter(**{f"{total}__gt": 0}).order_by(f"-{total}", "-published_at", "-pk")
        rows = ranked.values(*_SHOWN, number=F(total))
    else:
        _see_to_it()
        stored = articles.filter(rankings__period=period, rankings__kind=kind).order_by("rankings__rank")
        rows = stored.values(*_SHOWN, **_STORED_COUNT)
    return [_entry(row) for row in rows[:FULL_LENGTH]]


def _see_to_it() -> None:
    """Work out the rankings now where nobody does so every minute: in a shell, a test, a development server."""
    if not housekeeping.is_running():
        refresh_rankings()


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        article_id=row["pk"],
        headline=row["display_headline"],
        url=address("articles:article", row["slug"]),
        count=row["number"],
        until=row["unpublished_at"],
    )
