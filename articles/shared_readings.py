"""What the processes of a site know of each other's readings, in Redis: a network counts once among them all.

`readings.Readings` asks here when it folds, never while a reader waits. It is imported where Redis is configured only:
its client weighs as much as a tenth of a process.
"""

import logging
from itertools import batched

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError

from articles import readings
from articles.readings import REPEATED_WITHIN, Reading

logger = logging.getLogger(__name__)

_PIPELINE = 500


def first_of_all(taken: list[Reading]) -> list[Reading]:
    """Leave out what another process has counted; when Redis is away, nothing is known of others."""
    location = str(settings.CACHES["default"].get("LOCATION", ""))
    try:
        with Redis.from_url(location, socket_timeout=1, socket_connect_timeout=0.25) as redis:
            return [first for some in batched(taken, _PIPELINE) for first in _first_in_redis(redis, some)]
    except (RedisError, OSError) as error:
        logger.warning("Le cache ne répond pas (%s) : les lectures répétées sont reconnues par processus.", error)
        return taken


def _first_in_redis(redis: Redis, taken: tuple[Reading, ...]) -> list[Reading]:
    pipeline = redis.pipeline(transaction=False)
    for reading in taken:
        article = f"reading:{reading.article_id}:"
        pipeline.exists(cache.make_key(article + (reading.as_before or b"").hex()))
        pipeline.set(cache.make_key(article + reading.reader.hex()), 1, nx=True, ex=REPEATED_WITHIN)
    answers = pipeline.execute()
    new = [reading for reading, (before, first) in zip(taken, batched(answers, 2), strict=True) if first and not before]
    for reading in new:
        hour = cache.make_key(f"readings:{reading.hour}:{reading.reader.hex()}")
        pipeline.set(hour, 0, nx=True, ex=3_600)
        pipeline.incr(hour)
    numbers = pipeline.execute()[1::2]
    return [reading for reading, number in zip(new, numbers, strict=True) if number <= readings.NETWORK_CEILING]
