"""What the site counts: requests, acts, pages from memory. Numbers in this process's memory, and nothing else.

Counting is a look into a table and an addition, without a lock: threads of one process may lose a count in a million,
and a page from memory must cost no more than it does. Each process leaves its numbers in a file every few seconds;
`exposition` adds them up for Prometheus. Where METRICS_ADDRESS is not set, nobody reads them and none is left.
"""

import atexit
import json
import os
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time
from typing import Any

from django.conf import settings

from multitude.background import processes

# Upper ends, in seconds: a page from memory takes a tenth of a millisecond, a database that hangs ten seconds.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SAVE_SECONDS = 5.0

type Numbers = dict[str, Any]

# By route and status line: how many requests fell into each bucket, one more for the slower ones, and their seconds.
rows: dict[tuple[str, str], list[float]] = {}
_counts: defaultdict[tuple[str, str], int] = defaultdict(int)
_counters: list[Callable[[], dict[tuple[str, str], int]]] = []
_traits: list[Callable[[], dict[str, float]]] = []
_STARTED = time()
_saved_at = -SAVE_SECONDS
# A chore, whoever asks and whoever acts may all come to the files at once, each in a thread.
_files_in_hand = threading.Lock()


@dataclass(frozen=True)
class Gauge:
    """A number that is read from the database when somebody looks, the same for every process."""

    name: str
    meaning: str
    read: Callable[[], float | None]


_gauges: dict[str, Gauge] = {}


def new_row(route: str, status: str) -> list[float]:
    """Return the row of requests by their route and status line, begun now unless another thread was faster."""
    return rows.setdefault((route, status), [0] * (len(BUCKETS) + 1) + [0.0])


def count(name: str, label: str = "", number: int = 1) -> None:
    """Count something that happened; `name` is what `exposition` knows, `label` a word of a short, fixed list."""
    _counts[name, label] += number


def counted_by(read: Callable[[], dict[tuple[str, str], int]]) -> None:
    """Have what something counts for itself read when numbers are left for others: by name and label."""
    _counters.append(read)


def trait(read: Callable[[], dict[str, float]]) -> None:
    """Have what is so of this process read at the same moment: by name, as `exposition` knows them."""
    _traits.append(read)


def gauge(name: str, meaning: str, read: Callable[[], float | None]) -> None:
    """Have a number read from the database when somebody looks: None where there is none. The name says the unit."""
    _gauges[name] = Gauge(name, meaning, read)


def gauges() -> Iterable[Gauge]:
    """Return what is read from the database."""
    return _gauges.values()


# For other processes ---------------------------------------------------------------------------


def numbers() -> Numbers:
    """Return what this process counted since it began, and what it is."""
    process = {"start_time_seconds": _STARTED, "resident_memory_bytes": float(resident_bytes())}
    for read in _traits:
        process |= read()
    counts: dict[tuple[str, str], int] = dict(_counts)
    for counter in _counters:
        counts |= counter()
    return {
        "requests": [[route, status[:3], row[:]] for (route, status), row in list(rows.items())],
        "counts": [[*key, number] for key, number in counts.items()],
        "process": process,
    }


def add(total: Numbers, more: Numbers) -> None:
    """Add to a sum what another process counted; what a process is adds up to nothing."""
    summed = {(route, status): row for route, status, row in total.setdefault("requests", [])}
    for route, status, row in more.get("requests", []):
        known = summed.get((route, status))
        if known is None or len(known) != len(row):
            summed[route, status] = row
        else:
            summed[route, status] = [a + b for a, b in zip(known, row, strict=True)]
    total["requests"] = [[*key, row] for key, row in summed.items()]
    counts = defaultdict(int, {(name, label): number for name, label, number in total.setdefault("counts", [])})
    for name, label, number in more.get("counts", []):
        counts[name, label] += number
    total["counts"] = [[*key, number] for key, number in counts.items()]


def save() -> None:
    """Leave this process's numbers for the one that answers Prometheus; web processes do so every few seconds."""
    global _saved_at
    with _files_in_hand:
        _saved_at = monotonic()
        folder = _folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder / _own_name(), numbers())


def saved() -> tuple[Numbers, dict[str, dict[str, float]]]:
    """Return the sum of what all processes of this machine counted, and what each that lives is, by its number.

    What a process left that has ended is kept in one sum for all of them: a counter never goes back. One process at a
    time calls this, the one that has the listening socket.
    """
    with _files_in_hand:
        return _sum_up(_folder())


def _sum_up(folder: Path) -> tuple[Numbers, dict[str, dict[str, float]]]:
    ended_at = folder / f"{socket.gethostname()}.ended"
    total: Numbers = _read(ended_at) or {}
    # Whoever is killed between the sum and the removal of what is in it leaves a file that is not to be added again.
    added = total.pop("added", [])
    living: dict[str, dict[str, float]] = {}
    counted: list[Numbers] = []
    gone: list[Path] = []
    for path, pid, is_alive in _files(folder):
        found = _read(path)
        if found is None:
            continue
        if is_alive:
            counted.append(found)
            living[pid] = found.get("process", {})
        else:
            if path.name not in added:
                add(total, found)
            gone.append(path)
    names = [path.name for path in gone]
    if names != added:
        _write(ended_at, {**total, "added": names})
    for path in gone:
        path.unlink(missing_ok=True)
    for found in counted:
        add(total, found)
    return total, living


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "metrics"


def _own_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{processes.began(os.getpid())}.json"


def _files(folder: Path) -> Iterator[tuple[Path, str, bool]]:
    """Yield what processes of this machine left, their numbers, and whether they are still the same processes."""
    for path in sorted(folder.glob(f"{socket.gethostname()}-*-*.json")):
        pid, birth = path.stem.rsplit("-", 2)[1:]
        if pid.isdecimal():
            yield path, pid, processes.began(int(pid)) == birth


def _write(path: Path, found: Numbers) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(found))
    draft.replace(path)


def _read(path: Path) -> Numbers | None:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def resident_bytes() -> int:
    """Return how much memory this process holds, as Linux tells it; 0 elsewhere."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def save_now_and_then() -> None:
    """Leave the numbers of a worker or a command: at its end, and every few seconds while it counts."""
    if not settings.METRICS_ADDRESS or monotonic() - _saved_at < SAVE_SECONDS:
        return
    if _saved_at < 0:
        atexit.register(_save_quietly)
    _save_quietly()


def _save_quietly() -> None:
    with suppress(OSError):
        save()
