"""The readings of this process that are not yet in the database, and who sent them lately.

A reading touches memory alone. Who read is held as a digest under a random key of the day, which
is in the cache only: for half an hour beside the article, for an hour as a number. With Redis the
processes compare what they hold, so that a network counts once among them all.
"""

import hmac
import logging
import re
import secrets
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import parse_cookie
from django.utils import timezone

from multitude import clock
from multitude.background import housekeeping
from multitude.clients import client_prefix

logger = logging.getLogger(__name__)

# Seconds within which a network that reads the same article again counts once.
REPEATED_WITHIN = 1_800
# Readings that one network may count in an hour: a newsroom or a school behind one address passes, a script does not.
NETWORK_CEILING = 600
# What one process holds at most: beyond, new readings are not counted, and the oldest readers and networks are forgotten.
MOST_READINGS = 50_000
MOST_READERS = 30_000
_DIGEST = 12
_KEY = 8
# What goes at once when there are too many: forgetting one by one would look through the forgotten each time.
_FORGOTTEN_SHARE = 10
_ROBOTS = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/;_-]|crawl|spider|slurp|mediapartners|facebookexternalhit|embedly|preview|lighthouse|pagespeed|"
    r"monitor|uptime|pingdom|archiver|scrapy|feed|curl/|wget/|python-|java/|go-http|okhttp|libwww|httpclient|axios|node-fetch",
    re.IGNORECASE,
)
_PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
_FETCHED = re.compile("prefetch|prerender", re.IGNORECASE)

type Tally = Counter[tuple[int, date]]


class Reading(NamedTuple):
    """One reading: of what, on which day in Paris, in which hour of the world's clock, by whom.

    `as_before` is the reader's digest of the day before, in the half hour after midnight.
    """

    article_id: int
    day: date
    hour: int
    reader: bytes
    as_before: bytes | None


class Readings:
    """Readings taken and not yet folded, in one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: list[Reading] = []
        self._counted: Tally = Counter()
        # Until when each reader of an article is known, the first to be forgotten first.
        self._readers: dict[bytes, float] = {}
        self._of_network: dict[bytes, int] = {}
        self._hour = -1
        self._keys: dict[date, bytes] = {}
        self._today: tuple[float, float, date] = (0.0, 0.0, date.min)

    def take(self, environ: Mapping[str, Any], article_id: int) -> None:
        """Hold a reading, unless a robot, staff or a repetition sent it."""
        if not is_reader(environ):
            return
        if not housekeeping.is_running():
            self._fetch_keys()
        network = client_prefix(environ)
        now = clock.time()
        with self._lock:
            if len(self._new) >= MOST_READINGS:
                return
            reading = self._reading(article_id, network, now)
            if self._is_first(reading, now):
                self._new.append(reading)

    def drain(self) -> Tally:
        """Hand over how often each article was read on each day since the last time."""
        self._fetch_keys()
        with self._lock:
            taken, self._new = self._new, []
            _forget_until(self._readers, clock.time())
        firsts = _first_of_all(taken)
        with self._lock:
            tally, self._counted = self._counted, Counter()
        tally.update((reading.article_id, reading.day) for reading in firsts)
        return tally

    def put_back(self, tally: Tally) -> None:
        """Take back what could not be written: the next fold tries again."""
        with self._lock:
            for entry, number in tally.items():
                if entry in self._counted or len(self._counted) < MOST_READINGS:
                    self._counted[entry] += number

    def _reading(self, article_id: int, network: bytes, now: float) -> Reading:
        today, before = self._day(now), self._day(now - REPEATED_WITHIN)
        as_before = None if before == today else self._digest(before, network)
        return Reading(article_id, today, int(now // 3_600), self._digest(today, network), as_before)

    def _is_first(self, reading: Reading, now: float) -> bool:
        """Remember the reader for half an hour; False for a repetition or a network past its ceiling."""
        if reading.hour != self._hour:
            self._hour = reading.hour
            self._of_network.clear()
        who = _who(reading.reader, reading.article_id)
        if self._readers.get(who, 0.0) > now:
            return False
        if reading.as_before and self._readers.get(_who(reading.as_before, reading.article_id), 0.0) > now:
            return False
        counted = self._of_network.get(reading.reader, 0)
        if counted >= NETWORK_CEILING:
            return False
        _remember(self._readers, who, now + REPEATED_WITHIN)
        _remember(self._of_network, reading.reader, counted + 1)
        return True

    def _day(self, moment: float) -> date:
        """Return the day in Paris of a moment in seconds since 1970, worked out once a day."""
        start, end, day = self._today
        if start <= moment < end:
            return day
        midnight = timezone.localtime(datetime.fromtimestamp(moment, UTC)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        next_midnight = (midnight + timedelta(hours=36)).replace(hour=0)
        self._today = midnight.timestamp(), next_midnight.timestamp(), midnight.date()
        return midnight.date()

    def _digest(self, day: date, network: bytes) -> bytes:
        if day not in self._keys:
            self._keys[day] = secrets.token_bytes(32)
        return hmac.digest(self._keys[day], network, "sha256")[:_DIGEST]

    def _fetch_keys(self) -> None:
        """Read the keys of yesterday, today and tomorrow, which all processes share; without the cache, keep our own."""
        today = timezone.localdate(clock.now())
        days = [today + timedelta(days=number) for number in (-1, 0, 1)]
        shared: dict[date, bytes] = {}
        try:
            for day in days:
                key = cache.get_or_set(f"reading-key:{day}", lambda: secrets.token_hex(32), 3 * 86_400)
                shared[day] = str(key).encode()
        except Exception as error:  # each cache has its own
            logger.warning("Le cache ne répond pas (%s) : les lectures répétées sont reconnues par processus.", error)
        with self._lock:
            self._keys = {day: key for day, key in self._keys.items() if day in days} | shared


def _who(reader: bytes, article_id: int) -> bytes:
    return reader + article_id.to_bytes(_KEY)


def _remember[V](known: dict[bytes, V], key: bytes, value: V) -> None:
    """Put a key last, and forget the first ones where there are too many."""
    known.pop(key, None)
    known[key] = value
    if len(known) > MOST_READERS:
        for first in list(islice(known, max(1, MOST_READERS // _FORGOTTEN_SHARE))):
            del known[first]


def _forget_until(known: dict[bytes, float], now: float) -> None:
    """Forget the first keys, as far as their time is over."""
    for key in list(takewhile(lambda key: known[key] <= now, known)):
        del known[key]


def is_reader(environ: Mapping[str, Any]) -> bool:
    """Return whether a person reads: no robot, no browser that fetches in advance, and not staff.

    A session's cookie is seen, never read.
    """
    if _is_robot(environ.get("HTTP_USER_AGENT", "")[:500]):
        return False
    for name in _PURPOSES:
        if name in environ and _FETCHED.search(environ[name]):
            return False
    cookies = environ.get("HTTP_COOKIE")
    return (
        not cookies
        or settings.SESSION_COOKIE_NAME not in cookies
        or settings.SESSION_COOKIE_NAME not in parse_cookie(cookies)
    )


@lru_cache(maxsize=2_048)
def _is_robot(agent: str) -> bool:
    return bool(_ROBOTS.search(agent))


def _first_of_all(readings: list[Reading]) -> list[Reading]:
    """Leave out what another process has counted; without Redis nothing is known of others, and its client is not loaded."""
    if not readings or not str(settings.CACHES["default"]["BACKEND"]).endswith("RedisCache"):
        return readings
    from articles import shared_readings

    return shared_readings.first_of_all(readings)
