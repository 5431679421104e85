"""granian, as the newspaper runs it: started by `server.command()`, as a program of its own that imports nothing of ours.

All workers take connections from one listening socket, so what waits there is answered by whoever is left when one of
them ends or dies. SIGHUP puts new workers, and with them new code, in the place of the old ones, one after the other; a
reader notices nothing. New code that does not start is told, and the old one goes on.
"""

import argparse
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from multiprocessing import Event
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels, logger
from granian.net import SocketHolder
from granian.server import MPServer

# What a worker may take to import the program, on a busy machine.
STARTING_SECONDS = 60.0
# How long a worker that takes no more connections serves those that it has: each is closed with its next answer, and those
# that have been silent for so long are closed at the end.
LEAVING_SECONDS = 2.0
# A worker that died before it was ready is not replaced at once, but after a pause that doubles.
_PAUSES = (0.25, 2.0)
_STOPPING_SECONDS = 10
_BACKLOG = 1024
_ORPHANED_EVERY = 0.5

type Answer = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Webserver(MPServer):
    """A server whose workers share one socket, and are replaced without one lost request."""

    reload_signal: bool

    def _init_shared_socket(self) -> None:
        listener = socket.create_server((self.bind_addr, self.bind_port), backlog=self.backlog)
        listener.setblocking(False)
        listener.set_inheritable(True)
        self._sso, self._sfd = listener, listener.fileno()
        self._ssp, self._shd = None, SocketHolder(self._sfd, False, self.backlog)
        self._pauses: dict[int, float] = {}

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Callable[[], Answer]) -> Any:
        ready = Event()
        loader = partial(_loaded, callback_loader, ready, self._sfd, os.getpid())
        worker = super()._spawn_worker(idx, target, loader)
        worker.ready = ready
        return worker

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Replace workers that died, or all of them on SIGHUP, until told to end."""
        if not self._all_start():
            self.interrupt_children = [0]
            return
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            dead, self.interrupt_children = sorted(set(self.interrupt_children)), []
            for number in dead:
                if not self.wrks[number].is_alive():
                    self._pause(number)
                    self._replace(number, spawn_target, target_loader)
            if self.reload_signal:
                self.reload_signal = False
                for number in range(self.workers):
                    if not self._replace(number, spawn_target, target_loader):
                        break
                else:
                    logger.warning("Rechargé : tous les processus web sont neufs.")

    def _all_start(self) -> bool:
        """Wait for the first workers: a program that cannot start at all is no reason to try for ever."""
        return all(self._starts(worker) for worker in self.wrks) or self.interrupt_signal

    def _pause(self, number: int) -> None:
        """Wait before a worker is replaced that never came to work, the longer the more often it happens."""
        if self.wrks[number].ready.is_set():
            self._pauses.pop(number, None)
            return
        shortest, longest = _PAUSES
        pause = self._pauses.get(number, 0.0)
        self._pauses[number] = min(longest, max(shortest, 2 * pause))
        deadline = time.monotonic() + pause
        while not self.interrupt_signal and time.monotonic() < deadline:
            time.sleep(0.05)

    def _replace(self, number: int, spawn_target: Any, target_loader: Any) -> bool:
        """Put a new worker in the place of another, once it is ready; False if it does not start and the other goes on."""
        if self.interrupt_signal:
            return False
        old, new = self.wrks[number], self._spawn_worker(number, spawn_target, target_loader)
        new.start()
        if not self._starts(new):
            new.interrupt_by_parent = old.is_alive()
            new.kill()
            new.join()
            if old.is_alive():
                if not self.interrupt_signal:
                    logger.error("Le nouveau processus web ne démarre pas : l’ancien continue, avec l’ancien code.")
                return False
            # Nobody else stands in this place: it is tried again.
            self.wrks[number] = new
            self.interrupt_children.append(number)
            self.main_loop_interrupt.set()
            return False
        self.wrks[number] = new
        if old.is_alive():
            self._see_off(old)
        return True

    def _starts(self, worker: Any) -> bool:
        """Wait until a worker has imported the program; False when it died or takes too long, or all is to end."""
        deadline = time.monotonic() + STARTING_SECONDS
        while not worker.ready.wait(0.05):
            if not worker.is_alive() or self.interrupt_signal or time.monotonic() > deadline:
                return worker.ready.is_set()
        return True

    def _see_off(self, worker: Any) -> None:
        """Let a worker answer what it has begun and take nothing new, then end it."""
        worker.interrupt_by_parent = True
        os.kill(worker.inner.pid, signal.SIGUSR1)
        deadline = time.monotonic() + LEAVING_SECONDS
        while time.monotonic() < deadline and worker.is_alive() and not self.interrupt_signal:
            time.sleep(0.05)
        worker.terminate()
        worker.join(self.workers_kill_timeout)
        if worker.is_alive():
            logger.warning("Un ancien processus web n’a pas fini à temps : il est arrêté de force.")
            worker.kill()
            worker.join()


def _loaded(load: Callable[[], Answer], ready: Any, listener: int, parent: int) -> Answer:
    """Load the application in a worker, which from then on can be seen off, and ends when its parent is gone."""
    answer = load()
    leaving = threading.Event()

    def door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if leaving.is_set():
            return answer(environ, partial(_closing, start_response))
        return answer(environ, start_response)

    def leave(*_: object) -> None:
        leaving.set()
        _take_no_more(listener)

    signal.signal(signal.SIGUSR1, leave)
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    ready.set()
    return door


def _closing(start_response: Callable[..., Any], status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
    return start_response(status, [*headers, ("Connection", "close")], *error)


def _take_no_more(listener: int) -> None:
    """Put a socket to which nobody connects in the place of the shared one, which stays open in the other processes.

    granian stops taking connections only when it also closes those that have not yet asked anything, and somebody whose
    first request is under way would be cut off.
    """
    shared = os.fstat(listener).st_ino
    nobody = socket.create_server(("127.0.0.1", 0), backlog=1)
    nobody.setblocking(False)
    for name in os.listdir("/dev/fd"):
        try:
            if os.fstat(int(name)).st_ino == shared:
                os.dup2(nobody.fileno(), int(name), inheritable=False)
        except OSError:  # the descriptor of this very listing
            continue


def _end_with(parent: int) -> None:
    """End this worker in good order when the process that started it is gone: the port must not stay taken."""
    while os.getppid() == parent:
        time.sleep(_ORPHANED_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve what a factory returns, until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="webserver")
    parser.add_argument("factory")
    for name in ("port", "workers", "threads", "connections"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--host", required=True)
    options = parser.parse_args()
    Webserver(
        options.factory,
        factory=True,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=options.workers,
        blocking_threads=options.threads,
        backlog=_BACKLOG,
        backpressure=options.connections,
        workers_kill_timeout=_STOPPING_SECONDS,
        log_level=LogLevels.warning,
        working_dir=Path(__file__).resolve().parents[2],
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
