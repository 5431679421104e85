"""This machine, as far as a measurement needs it: its cores, and what Linux tells of processes.

Everything here is read from /proc, so the benchmark runs on Linux alone.
"""

import functools
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@functools.cache
def cores() -> tuple[int, int]:
    """Return the core of the servers and the core of the load; on a machine of one core they are the same.

    They are chosen at the first call: once this process is pinned to one core, it is allowed no other.
    """
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Keep this thread, and the processes that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def description() -> str:
    """Say what the figures were measured on, without naming the machine."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in (_PROC / "cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cœurs ({processor}), Linux, Python {platform.python_version()}"


def family(pid: int) -> list[int]:
    """Return a process and its living descendants, the eldest first."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for member in found:
        found += sorted(children.get(member, []))
    return found


def cpu_seconds(pid: int) -> float:
    """Return what a process and its descendants have used of the processor, those that ended included."""
    used = 0
    for member in family(pid):
        if fields := _stat(member):
            used += sum(int(field) for field in fields[11:15])
    return used / _TICKS


def memory(pid: int) -> dict[str, float]:
    """Return a process's memory in megabytes of 1,000,000 bytes, by Linux's names.

    `Rss` is what `ps` shows; `Pss` counts what is shared in parts; `Anonymous` is what the process itself filled,
    without the files that it only looks at.
    """
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(value.split()[0]) for name, _colon, value in (line.partition(":") for line in lines)}
    return {name: kilobytes[name] * 1024 / 1e6 for name in ("Rss", "Pss", "Anonymous")}


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/<pid>/stat from the state on, or None when the process has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
