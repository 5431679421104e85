"""The measurements, by the name that one gives them, in the order in which they are taken and told."""

from collections.abc import Callable

from bench.bench import Bench
from bench.measures import backup, beacon, growth, memory, page_cache, queue, rendering, search, stampede, submission
from bench.results import Result

MEASURES: dict[str, Callable[[Bench], Result]] = {
    "cache": page_cache.measure,
    "rendering": rendering.measure,
    "submission": submission.measure,
    "growth": growth.measure,
    "beacon": beacon.measure,
    "stampede": stampede.measure,
    "memory": memory.measure,
    "queue": queue.measure,
    "search": search.measure,
    "backup": backup.measure,
}
