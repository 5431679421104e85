"""Real workers on a database: started, stopped and killed by tests of what becomes of their work."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.servers import ROOT, environment
from tests.waiting import PATIENCE


class Worker:
    """`manage.py db_worker` in a process of its own."""

    def __init__(self, log: Path, variables: dict[str, str]) -> None:
        """`variables` say which database, and EMAIL_URL by which server it sends."""
        with log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "db_worker", "--interval=0.05", "--no-startup-delay", "--no-reload"],
                cwd=ROOT,
                env=environment(**{"BACKGROUND": "worker"} | variables),
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """Kill it, as the kernel does where memory is short."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Stop it in good order, as systemd does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def workers(log: Path, number: int, variables: dict[str, str]) -> Iterator[list[Worker]]:
    """Run some workers, and end those that are left."""
    started = [Worker(log, variables) for _number in range(number)]
    try:
        yield started
    finally:
        for worker in started:
            if worker.process.poll() is None:
                worker.kill()


def database_url() -> str:
    """Return the address of the test's own database."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    account = f"{config['USER']}:{config['PASSWORD']}" if config["PASSWORD"] else config["USER"]
    return f"postgres://{account}@{config['HOST']}:{config['PORT']}/{config['NAME']}"
