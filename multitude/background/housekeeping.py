"""What is done beside answering: the apps hand it in, once each, when Django starts.

- `every()`: what concerns the memory of a web process. It is done in threads of its own, which `wsgi.py` starts with the
  first request, so that a shell, a command or a test has none: what would be done later is then done at once, or not
  remembered at all. `is_running()` tells.
- `once_for_all()`: what one process at a time does for all, now and then.
- `whenever()`: work that waits in rows of the database until somebody claims them, and that an act asks for with `soon()`.

By default the web processes see to all of it. With `BACKGROUND=worker` they do the first alone: `manage.py chores`, called by a
timer, does the second, and `manage.py db_worker` the third.
"""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from multiprocessing.util import Finalize
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, close_old_connections, transaction
from django.db.models import Q

from multitude import clock
from multitude.models import Chore
from multitude.sight import discretion

logger = logging.getLogger(__name__)


# A hastened chore is seen within the longest; a chore that always fails at once leaves the shortest.
_LONGEST_NAP = 1.0
_SHORTEST_NAP = 0.05
# How long a process that ends waits for all of its threads: one that is still in a library's code when Python goes can hold it up.
_GRACE = 5.0
# A timer that rings a little early has a chore done all the same, rather than after twice its time.
_EARLY = 10.0

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# The values of BACKGROUND.
BY_WEB, BY_WORKER = "web", "worker"


@dataclass(eq=False)
class _Chore:
    act: Callable[[], object]
    seconds: float
    thread: str
    is_shared: bool = False
    due: float = 0.0
    failing: bool = False


@dataclass(frozen=True)
class Work:
    """What waits in rows of the database, each of which one process claims: how it is done, and whether some waits."""

    act: Callable[[], int]
    waits: Callable[[], bool]


_chores: list[_Chore] = []
_periodic: dict[str, tuple[Any, float, Callable[[], object]]] = {}
works: dict[str, Work] = {}
_last_acts: list[Callable[[], object]] = []
_starting = threading.Lock()
_running = False
_stopping = threading.Event()


def every(seconds: float, act: Callable[[], object], *, thread: str = "chores") -> None:
    """Do something every so many seconds in each web process; chores of one thread wait for each other."""
    _chores.append(_Chore(act, seconds, thread))


def once_for_all(name: str, label: Any, seconds: float, act: Callable[[], object]) -> None:
    """Do something at most every so many seconds, in one of the processes that share the database.

    What fails is tried again after a sixth of its time; `label` is what the newsroom is told then, in French, that failed.
    """

    @wraps(act)
    def claimed() -> None:
        if claim(name, seconds):
            _do_or_give_back(name, act)

    _periodic[name] = label, seconds, act
    _chores.append(_Chore(claimed, max(1.0, seconds / 6), "chores", is_shared=True))


def whenever(
    name: str, act: Callable[[], int], *, waits: Callable[[], bool], seconds: float, thread: str = "chores"
) -> None:
    """Do work whenever some waits: asked for by `soon()`, or found within so many seconds.

    `act` does all that waits and returns how much that was; `waits` tells in one query whether there is any.
    """
    works[name] = Work(act, waits)
    _chores.append(_Chore(act, seconds, thread, is_shared=True))


def soon(name: str) -> None:
    """Have work done soon by whoever is charged with it, once the transaction under way commits."""
    if settings.BACKGROUND == BY_WORKER:
        # It names the works, which the apps have handed in here.
        from multitude.background import tasks

        tasks.do.enqueue(name)
    else:
        transaction.on_commit(partial(hasten, works[name].act))


def gives_way(name: str) -> bool:
    """Return whether work of another kind waits for the worker: what takes long then leaves off, and comes after it.

    Web processes have a thread for each kind.
    """
    wanted = settings.BACKGROUND == BY_WORKER and any(work.waits() for other, work in works.items() if other != name)
    if wanted:
        soon(name)
    return wanted


def do_due() -> tuple[list[str], list[str]]:
    """Do once what is due, in this process; return the names of what was done, and of what failed and was logged.

    Where a worker does it, the work that waits is left to that.
    """
    done: list[str] = []
    failed: list[str] = []
    for name, (_label, seconds, act) in _periodic.items():
        if claim(name, max(seconds / 2, seconds - _EARLY)):
            _note(name, partial(_do_or_give_back, name, act), done, failed)
    for name, work in works.items():
        if settings.BACKGROUND == BY_WEB and work.waits():
            _note(name, work.act, done, failed)
    return done, failed


def _note(name: str, act: Callable[[], object], done: list[str], failed: list[str]) -> None:
    try:
        act()
    except Exception:
        logger.exception("« %s » a échoué et sera réessayé.", name)
        failed.append(name)
    else:
        done.append(name)


def _do_or_give_back(name: str, act: Callable[[], object]) -> None:
    """Do what was claimed; where it fails, that is kept until it succeeds, and anybody may try again."""
    try:
        act()
    except Exception as error:
        with suppress(DatabaseError, InterfaceError):
            give_back(name, failure=discretion.said(error))
        raise
    Chore.objects.filter(name=name).exclude(failure="").update(failure="")


def hasten(act: Callable[[], object]) -> None:
    """Have a chore of this process done within a second, whenever it is due."""
    for chore in _chores:
        if chore.act == act:
            chore.due = 0.0


def at_shutdown(act: Callable[[], object]) -> None:
    """Do something when a web process ends in good order."""
    _last_acts.append(act)


def claim(name: str, seconds: float) -> bool:
    """Return whether this process may do a chore now: True for one process in so many seconds."""
    now, period = clock.now(), timedelta(seconds=seconds)
    # A claim that lies further ahead than that comes from a clock that was wrong.
    due = Q(claimed_at__lte=now - period) | Q(claimed_at__gt=now + period)
    if Chore.objects.filter(due, name=name).update(claimed_at=now):
        return True
    if Chore.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Chore.objects.create(name=name, claimed_at=now)
    except IntegrityError:
        return False
    return True


def give_back(name: str, *, failure: str = "") -> None:
    """Let anybody claim a chore again, at once; `failure` says why it was not done."""
    Chore.objects.filter(name=name).update(claimed_at=_LONG_AGO, failure=failure)


def failing() -> list[tuple[str, str]]:
    """Return the chores that failed when they were last tried: what each is called in French, and why."""
    found = Chore.objects.exclude(failure="").order_by("name").values_list("name", "failure")
    return [(str(_periodic[name][0]), failure) for name, failure in found if name in _periodic]


def is_running() -> bool:
    """Return whether this process does its chores."""
    return _running


def is_stopping() -> bool:
    """Return whether this process is about to end: a long chore leaves off, and is taken up by another process."""
    return _stopping.is_set()


def leave_off() -> None:
    """Have what takes long in this process leave off, as the process is about to end."""
    _stopping.set()


def start() -> None:
    """Start the threads of this process; when they run already this returns at once."""
    global _running
    if _running:
        return
    with _starting:
        if is_running():  # by a thread that was faster
            return
        _stopping.clear()
        names = sorted({chore.thread for chore in _chores if _is_ours(chore)})
        threads = [threading.Thread(target=_work, args=(name,), name=name, daemon=True) for name in names]
        for thread in threads:
            thread.start()
        # Runs at the end of a process that multiprocessing started, as servers do, and of any other.
        Finalize(None, stop, args=(threads,), exitpriority=100)
        _running = True


def stop(threads: list[threading.Thread]) -> None:
    """End the threads, then do what is to be done last."""
    global _running
    if not _running:
        return
    _running = False
    _stopping.set()
    until = monotonic() + _GRACE
    for thread in threads:
        thread.join(timeout=max(0.0, until - monotonic()))
    for act in _last_acts:
        try:
            act()
        except Exception:
            logger.exception("À l’arrêt, une dernière tâche a échoué.")


def _is_ours(chore: _Chore) -> bool:
    """Return whether web processes are charged with it."""
    return not chore.is_shared or settings.BACKGROUND == BY_WEB


def _forget_threads() -> None:
    """A forked process has none of its parent's threads: it starts its own."""
    global _running
    _running = False


os.register_at_fork(after_in_child=_forget_threads)


def _work(name: str) -> None:
    chores = [chore for chore in _chores if chore.thread == name and _is_ours(chore)]
    while True:
        for chore in chores:
            if chore.due <= monotonic() and not is_stopping():
                # Before, not after: it may be hastened while it is done.
                chore.due = monotonic() + chore.seconds
                _do(chore)
        wait = min(chore.due for chore in chores) - monotonic()
        if _stopping.wait(min(_LONGEST_NAP, max(_SHORTEST_NAP, wait))):
            return


def _do(chore: _Chore) -> None:
    """Do a chore; a failure is told once, and its end too, for what is tried again every second."""
    try:
        try:
            close_old_connections()
            chore.act()
        finally:
            close_old_connections()
    except DatabaseError as error:
        if not chore.failing:
            logger.error("La base de données ne répond pas (%s) : « %s » réessaiera.", error, chore.act.__qualname__)
        chore.failing = True
    except Exception:
        if not chore.failing:
            logger.exception("« %s » a échoué et sera réessayé.", chore.act.__qualname__)
        chore.failing = True
    else:
        if chore.failing:
            logger.info("« %s » fonctionne à nouveau.", chore.act.__qualname__)
        chore.failing = False
