"""What came back under load, and how rounds of it are compared."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Self

from bench.results import Broken, number
from bench.servers import Server


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What came back under load; milliseconds, bytes with their heads."""

    by: str
    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float
    statuses: Counter[int] = field(default_factory=Counter)
    """Answers by status, as far as the client tells them apart: wrk does not."""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds

    @classmethod
    def of_latencies(cls, latencies: list[float], seconds: float, statuses: Counter[int]) -> Self:
        """Return the sample of the small client, from seconds per answer."""
        if not latencies:
            raise Broken("aucune réponse")
        ordered = sorted(latencies)
        p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 for part in (0.50, 0.99))
        return cls(by="client Python", answers=len(ordered), seconds=seconds, p50_ms=p50, p99_ms=p99, statuses=statuses)


@dataclass
class Rounds:
    """The same load on the same server, several times, other loads between."""

    samples: list[Sample] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """Milliseconds of the server's processor for each answer, by round."""

    @property
    def rate(self) -> list[float]:
        """Answers per second, by round."""
        return [sample.rate for sample in self.samples]

    @property
    def p99_ms(self) -> list[float]:
        """The 99th percentile of the waiting time, by round."""
        return [sample.p99_ms for sample in self.samples]

    @property
    def row(self) -> list[str]:
        """The medians, as a table shows them: requests per second, p50, p99, processor."""
        p50 = median(sample.p50_ms for sample in self.samples)
        return [number(value) for value in (median(self.rate), p50, median(self.p99_ms), median(self.cpu_ms))]


COLUMNS = ["requêtes/s", "p50 ms", "p99 ms", "processeur ms"]


def interleave(
    loads: Mapping[str, tuple[Server, Callable[[float], Sample]]], *, rounds: int, seconds: float
) -> dict[str, Rounds]:
    """Take every load in turn, `rounds` times over, so that what disturbs the machine disturbs them alike.

    A load is its server and what sends it for a number of seconds. Each is sent for a second first.
    """
    for _server, send in loads.values():
        send(min(1.0, seconds))
    taken = {name: Rounds() for name in loads}
    for _round in range(rounds):
        for name, (server, send) in loads.items():
            before = server.cpu_seconds()
            sample = send(seconds)
            taken[name].samples.append(sample)
            taken[name].cpu_ms.append((server.cpu_seconds() - before) / sample.answers * 1000)
    return taken


def ratio(these: list[float], those: list[float]) -> float:
    """Return the median of the ratios, round by round."""
    return median(this / that for this, that in zip(these, those, strict=True))
