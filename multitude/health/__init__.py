"""What is well and what is not: a registry of probes, which the apps fill in `AppConfig.ready()`.

`/sante/`, the state page of the newsroom and the metrics read it, and nothing else decides what a fault is. A probe says
in words what is wrong and what to do; it never holds up whoever asks, though what it looks at may hang.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from time import monotonic
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.translation import gettext as _

from multitude.background import housekeeping

logger = logging.getLogger(__name__)

# How long one waits for a probe, in seconds.
PATIENCE = 1.0
# What was found is good for so long; and for so long it is told while one looks again, so that who asks often never waits.
FRESH = 1.0
STALE = 3.0
DATABASE = "database"


class Grade(IntEnum):
    """How bad it is; the greater the worse."""

    GOOD = 0
    # Somebody of the house must look.
    WATCH = 1
    # Readers are affected.
    DOWN = 2


@dataclass(frozen=True, slots=True)
class State:
    """What a probe found: a French sentence that says what is so and, if that is not well, what to do.

    `value` is what was measured, in `unit`: `s` (seconds), `o` (bytes), or nothing for a number of things. `link` is the
    address of the desk's page where one does it, if there is one.
    """

    grade: Grade
    sentence: Any
    value: float | None = None
    unit: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing to look at, as it was registered."""

    name: str
    label: Any
    examine: Callable[[], State]
    public: bool
    lane: str
    unanswered: Grade


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A probe, and what it found."""

    probe: Probe
    state: State


_probes: dict[str, Probe] = {}
_lanes: dict[tuple[str, bool], "_Lane"] = {}


def register(
    name: str,
    label: Any,
    examine: Callable[[], State],
    *,
    public: bool = False,
    lane: str = DATABASE,
    unanswered: Grade = Grade.WATCH,
) -> None:
    """Have something looked at.

    `name` is one English word, for machines; `label` is French, for the newsroom. A `public` probe is asked each second,
    by `/sante/`, which shows its grade to anybody: it costs next to nothing. Probes of one `lane` wait for each other,
    as those do that need the same thing; a probe that asks the database stays in its lane. Public probes wait for no
    others. `unanswered` is the grade of a probe that raises, or does not answer in time.
    """
    _probes[name] = Probe(name, label, examine, public, lane, unanswered)


def states(*, public: bool = False) -> list[Diagnosis]:
    """Return what all probes find, or the public ones, in the order in which they were registered.

    In a web process that takes two seconds at most, whatever hangs: each lane has a thread of its own. Elsewhere, in a
    command or a test, the probes are asked one after the other.
    """
    probes = [probe for probe in _probes.values() if probe.public or not public]
    if not housekeeping.is_running():
        return [Diagnosis(probe, _examine(probe, probe.examine)) for probe in probes]
    until = monotonic() + PATIENCE
    by_lane: dict[_Lane, list[Probe]] = {}
    for probe in probes:
        lane = _lanes.setdefault((probe.lane, probe.public), _Lane(probe.lane))
        by_lane.setdefault(lane, []).append(probe)
    for lane, its_own in by_lane.items():
        lane.ask(its_own)
    found: dict[str, State] = {}
    for lane, its_own in by_lane.items():
        found |= lane.answers(its_own, until)
    return [Diagnosis(probe, found[probe.name]) for probe in probes]


def worst(diagnoses: Iterable[Diagnosis]) -> Grade:
    """Return how bad it is on the whole."""
    return max((diagnosis.state.grade for diagnosis in diagnoses), default=Grade.GOOD)


def _examine(probe: Probe, examine: Callable[[], State]) -> State:
    try:
        return examine()
    except (DatabaseError, InterfaceError):
        return State(probe.unanswered, _("Inconnu : la base de données n’a pas répondu à cette question."))
    except Exception as error:
        logger.warning("L’examen « %s » a échoué : %s", probe.name, type(error).__name__)
        return State(probe.unanswered, _("Inconnu : l’examen a échoué (%(error)s).") % {"error": type(error).__name__})


def _in_a_thread(examine: Callable[[], State]) -> Callable[[], State]:
    """Have what a thread asks the database leave nothing open, nor meet what was left broken."""

    def examined() -> State:
        close_old_connections()
        try:
            return examine()
        finally:
            close_old_connections()

    return examined


class _Lane:
    """Probes that wait for the same thing, and the one thread that asks them: what hangs holds that thread alone."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._changed = threading.Condition()
        self._waiting: list[Probe] = []
        self._under_way: Probe | None = None
        self._since = 0.0
        self._found: dict[str, tuple[State, float]] = {}
        self._thread: threading.Thread | None = None

    def ask(self, probes: Iterable[Probe]) -> None:
        """Have those looked at of which nothing is known that is fresh."""
        with self._changed:
            for probe in probes:
                known = self._found.get(probe.name)
                if known and monotonic() - known[1] < FRESH:
                    continue
                if probe not in self._waiting and probe != self._under_way:
                    self._waiting.append(probe)
            if self._waiting and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._work, name=f"health-{self.name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def answers(self, probes: list[Probe], until: float) -> dict[str, State]:
        """Return what is found by an instant; at once where one has been waited for in vain before."""
        with self._changed:
            while self._is_awaited(probes) and (patience := self._patience(until)) > 0:
                self._changed.wait(patience)
            return {probe.name: self._answer(probe) for probe in probes}

    def _is_awaited(self, probes: list[Probe]) -> bool:
        """Say whether one of the probes is still to be looked at, and nothing is known of it that will do."""
        return any(
            (probe in self._waiting or probe == self._under_way) and self._known(probe) is None for probe in probes
        )

    def _known(self, probe: Probe) -> State | None:
        """Return what is known of a probe, unless that is old, or whatever holds up its lane does so for too long."""
        found = self._found.get(probe.name)
        now = monotonic()
        is_stuck = self._under_way is not None and now - self._since >= PATIENCE
        return None if found is None or is_stuck or now - found[1] > STALE else found[0]

    def _patience(self, until: float) -> float:
        now = monotonic()
        stuck = self._since + PATIENCE if self._under_way else until
        return min(until, stuck) - now

    def _answer(self, probe: Probe) -> State:
        is_looked_at = probe == self._under_way
        if not is_looked_at and probe not in self._waiting and (found := self._found.get(probe.name)):
            return found[0]
        if (known := self._known(probe)) is not None:
            return known
        if is_looked_at:
            seconds = max(1, monotonic() - self._since)
            return State(probe.unanswered, _("Ne répond pas depuis %(seconds)d s.") % {"seconds": seconds})
        label = self._under_way.label if self._under_way else probe.label
        return State(probe.unanswered, _("Inconnu tant que « %(label)s » ne répond pas.") % {"label": label})

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                probe = self._under_way = self._waiting.pop(0)
                self._since = monotonic()
            state = _examine(probe, _in_a_thread(probe.examine))
            with self._changed:
                self._found[probe.name] = state, monotonic()
                self._under_way = None
                self._changed.notify_all()
