"""Leaves one of the server's threads to what is answered from memory, whatever becomes of the others.

A database that hangs, or is locked by another program, holds every request that needs it; without this they would hold
every thread, and pages that lie in memory would wait behind them. It stands right in front of Django.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from multitude.health import Grade, State
from multitude.sight import metrics
from multitude.web import gate

logger = logging.getLogger(__name__)

# A request waits so long for its turn; once one has waited in vain, the next ones do not, until somebody has had theirs.
PATIENCE = 1.0
# The log says so once in so many seconds.
_TOLD_EVERY = 10.0


class OneThreadLeft:
    """WSGI middleware: lets at most `places` requests into the application at once, and answers 503 to the others."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, places: int) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(places)
        self._is_jammed = False
        self._told_at = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the application, or 503 when no place became free in time."""
        if not self._places.acquire(timeout=0 if self._is_jammed else PATIENCE):
            self._is_jammed = True
            metrics.count("refused_places")
            self._tell()
            return gate.answer(HTTPStatus.SERVICE_UNAVAILABLE, environ, start_response)
        self._is_jammed = False
        try:
            # What Django streams, it streams from files: nothing of it waits for the database.
            return self._application(environ, start_response)
        finally:
            self._places.release()

    def examine(self) -> State:
        """Say for the state of the site whether somebody waited in vain and would now."""
        good = State(Grade.GOOD, _("Les demandes sont traitées à mesure qu’elles arrivent."))
        # Read once: other threads set it, and what was taken here is given back whatever they do.
        if not self._is_jammed:
            return good
        if not self._places.acquire(blocking=False):
            return State(
                Grade.DOWN,
                _(
                    "Toutes les demandes attendent : seules les pages en mémoire sont servies. "
                    "Vérifiez la base de données ; si elle va bien, augmentez WEB_WORKERS."
                ),
            )
        self._places.release()
        return good

    def _tell(self) -> None:
        if monotonic() - self._told_at > _TOLD_EVERY:
            self._told_at = monotonic()
            logger.error("Toutes les demandes qui passent par Django attendent : les suivantes reçoivent 503.")
