"""A crowd: people who each hold a connection, ask, wait for the answer, look at it for a while, and ask again.

All of them live in one thread. How long somebody waits is counted from the moment at which they wanted to ask, so that
what this client is late with counts too.
"""

import random
import select
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from time import perf_counter

from bench.client import Connection
from bench.results import Broken

_PATIENCE = 60.0
# However slow the answers are, everybody acts so many times: a page, and what follows it.
_FEWEST_ACTS = 2
# The part of the time in which people with pauses come.
_COMING = 1 / 6


@dataclass
class Person:
    """Somebody who does one act after the other; acts are their kind and the request, `pause` is in seconds, on average."""

    acts: Iterator[tuple[str, bytes]]
    pause: float


@dataclass
class Answers:
    """What was answered to one kind of act: seconds waited, and statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def live(port: int, people: list[Person], *, seconds: float) -> dict[str, Answers]:
    """Have people live for so many seconds, and act at least twice, and return what they were answered, by kind.

    Broken if a connection is cut or nothing is answered any more.
    """
    dice = random.Random(3)
    found: dict[str, Answers] = {}
    connections = [Connection(port) for _person in people]
    poll = select.epoll()
    by_number = {connection.fileno(): number for number, connection in enumerate(connections)}
    for descriptor in by_number:
        poll.register(descriptor, select.EPOLLIN)
    under_way: dict[int, tuple[str, float]] = {}
    acted: Counter[int] = Counter()
    start = perf_counter()
    # Nobody comes at the same moment as the others, and people with pauses come one after the other.
    coming = [seconds * _COMING if person.pause else 0.2 for person in people]
    wanted = sorted((start + dice.random() * within, number) for number, within in enumerate(coming))
    try:
        while wanted or under_way:
            now = perf_counter()
            while wanted and wanted[0][0] <= now:
                due, number = heappop(wanted)
                if due - start < seconds or acted[number] < _FEWEST_ACTS:
                    acted[number] += 1
                    kind, request = next(people[number].acts)
                    under_way[number] = kind, due
                    connections[number].send(request)
            if not wanted and not under_way:
                break
            rest = wanted[0][0] - perf_counter() if wanted else _PATIENCE
            for descriptor, _event in poll.poll(min(_PATIENCE, max(0.0, rest))):
                number = by_number[descriptor]
                if (answer := connections[number].receive()) is None:
                    continue
                kind, due = under_way.pop(number)
                of_kind = found.setdefault(kind, Answers())
                now = perf_counter()
                of_kind.seconds.append(now - due)
                of_kind.statuses[answer.status] += 1
                pause = dice.expovariate(1 / people[number].pause) if people[number].pause else 0.0
                heappush(wanted, (now + pause, number))
            if perf_counter() - start > seconds + _PATIENCE:
                raise Broken(f"aucune réponse depuis {_PATIENCE:.0f} s")
    finally:
        poll.close()
        for connection in connections:
            connection.close()
    return found
