"""`manage.py db_worker`: django-tasks-db's worker, which may be stopped, restarted and killed at any moment.

It shows that it lives, takes up at once what a dead worker had in hand, finds work that nobody asked it for, and outlives a
database that is away. It is run where BACKGROUND=worker.
"""

import logging
import threading
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connections
from django.utils.translation import gettext as _
from django_tasks_db.management.commands import db_worker

from multitude.background import heartbeats, housekeeping, processes, tasks

logger = logging.getLogger(__name__)

AWAY_SECONDS = 2.0


class Worker(db_worker.Worker):
    """A worker with a thread that looks after it."""

    def run(self) -> None:
        """Work until told to stop."""
        watch = Watch(self.worker_id)
        watch.look()
        watch.start()
        try:
            self._outlive_the_database()
        finally:
            watch.end()

    def _outlive_the_database(self) -> None:
        is_away = False
        while True:
            try:
                if is_away:
                    # What was in hand when the database went away was not noted.
                    tasks.take_up(left_by=self.worker_id)
                    logger.info("La base de données répond à nouveau.")
                is_away = False
                super().run()
                return
            except (OperationalError, InterfaceError) as error:
                if not is_away:
                    logger.error("La base de données ne répond pas (%s) : nouvel essai.", type(error).__name__)
                is_away = True
                connections.close_all()
                if not self.running:
                    return
                time.sleep(AWAY_SECONDS)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Have what is in hand leave off, and stop."""
        housekeeping.leave_off()
        super().shutdown(signum, frame)


class Watch(threading.Thread):
    """Shows every few seconds that the worker lives, and looks for what waits."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="watch", daemon=True)
        self._worker_id = worker_id
        self._is_failing = False
        self._ending = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        while not self._ending.wait(heartbeats.SECONDS):
            self.look()
            connections.close_all()

    def end(self) -> None:
        """Look no more."""
        self._ending.set()

    def look(self) -> None:
        """Look once; what fails is told of once, and tried again."""
        try:
            close_old_connections()
            heartbeats.beat(self._worker_id, heartbeats.Role.WORKER)
            tasks.take_up()
            tasks.ask_for_what_waits()
            self._is_failing = False
        except Exception as error:
            if not self._is_failing:
                is_away = isinstance(error, (DatabaseError, InterfaceError))
                logger.error(
                    "Le processus de fond ne peut pas donner signe de vie.", exc_info=None if is_away else error
                )
            self._is_failing = True


class Command(db_worker.Command):
    """Do what acts ask for: send mail, make pictures."""

    help = _("Fait ce qui attend : envoie les mails, décline les images. Demande BACKGROUND=worker.")

    def add_arguments(self, parser: CommandParser) -> None:  # type: ignore[override]
        """Name the worker so that others can tell whether it lives."""
        if settings.BACKGROUND != housekeeping.BY_WORKER:
            raise CommandError(
                _(
                    "Les processus web font eux-mêmes ce qui attend : donnez BACKGROUND=worker à tous pour qu’ils le laissent."
                )
            )
        super().add_arguments(parser)
        parser.set_defaults(worker_id=processes.this_one())

    def handle(self, *args: Any, **options: Any) -> None:
        """Run this worker, rather than the library's."""
        db_worker.Worker = Worker  # type: ignore[misc]
        super().handle(*args, **options)
