"""The servers under measurement: each on the first core, ready before anything is asked of it, ended by its own pid."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from bench import machine
from bench.results import Broken
from multitude.web import server

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60
_STOP_SECONDS = 20
# A server that has just started has chores to catch up with, which would be measured with the first requests.
_REST_SECONDS = 60
_AT_REST = 0.05
# Every variable of the site's: whoever starts one for a purpose must not have it changed by what is set for their own.
SETTINGS = frozenset(
    [
        "ALLOWED_HOSTS",
        "BACKGROUND",
        "CACHE_URL",
        "COMMENT_RATE",
        "DATABASE_URL",
        "DATA_DIR",
        "DEBUG",
        "DEFAULT_FROM_EMAIL",
        "EMAIL_URL",
        "FEED_CONTENT",
        "HOST",
        "LOG_FORMAT",
        "LOG_REQUESTS",
        "MEDIA_STORAGE",
        "MEDIA_STORAGE_OPTIONS",
        "METRICS_ADDRESS",
        "PAGE_CACHE_MB",
        "PORT",
        "PURGE_URLS",
        "SECOND_FACTOR",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "SECURITY_CONTACT",
        "SITE_URL",
        "TRUSTED_PROXIES",
        "WEB_WORKERS",
    ]
) | {"DJANGO_SETTINGS_MODULE"}


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with these settings of the site, and no others."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | dict(values)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """A server that has started and answers; use it as a context, at whose end it is stopped.

    Raises Broken, with the end of its log, when it does not answer within a minute.
    """

    def __init__(self, command: list[str], *, port: int, log: Path, settings: Mapping[str, str] | None = None) -> None:
        self.port = port
        self._log = log
        core, _load = machine.cores()
        with machine.pinned(core), log.open("w") as output:
            self._process = subprocess.Popen(
                command,
                env=environment(settings or {}),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def worker(self) -> int:
        """The process that answers: granian's first child, or the only process of another server."""
        return machine.family(self._process.pid)[:2][-1]

    def cpu_seconds(self) -> float:
        """Return what the server has used of the processor until now."""
        return machine.cpu_seconds(self._process.pid)

    def rest(self) -> None:
        """Wait until the server hardly uses the processor by itself; Broken when it does not leave off in a minute."""
        for _second in range(_REST_SECONDS):
            before = self.cpu_seconds()
            sleep(1)
            if self.cpu_seconds() - before < _AT_REST:
                return
        raise Broken("le serveur travaille sans qu’on lui demande rien")

    def stop(self) -> None:
        """Have the server end in good order, and end what does not."""
        members = machine.family(self._process.pid)
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for member in members[1:]:
            if Path(f"/proc/{member}").exists():
                os.kill(member, signal.SIGKILL)

    def _wait(self) -> None:
        deadline = monotonic() + _START_SECONDS
        while True:
            if self._process.poll() is not None or monotonic() > deadline:
                tail = "\n".join(self._log.read_text().splitlines()[-15:])
                raise Broken(f"le serveur n’a pas démarré :\n{tail}")
            try:
                socket.create_connection((server.HOST, self.port), timeout=1).close()
                return
            except OSError:
                sleep(0.1)


def site(settings: Mapping[str, str], log: Path) -> Server:
    """Start the newspaper as `make run` does."""
    port = free_port()
    settings = {**settings, "PORT": str(port)}
    return Server([sys.executable, "manage.py", "serve"], port=port, log=log, settings=settings)


def granian(factory: str, log: Path, settings: Mapping[str, str]) -> Server:
    """Start another WSGI application with the very options of the newspaper's server."""
    port = free_port()
    return Server(server.command(factory, port=port), port=port, log=log, settings=settings)


def nginx(folder: Path) -> Server | None:
    """Start nginx on a folder that holds `page.html` and `page.html.gz`; None where nginx is not installed."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    port = free_port()
    configuration = folder / "nginx.conf"
    template = Path(__file__).with_name("nginx.conf").read_text()
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        template.replace("{folder}", str(folder)).replace("{port}", str(port)).replace("{user}", user)
    )
    log = folder / "nginx.log"
    return Server([program, "-p", str(folder), "-c", str(configuration)], port=port, log=log)
