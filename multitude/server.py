"""How granian is called: by `manage.py serve`, and by the benchmark for what it compares the site with."""

import sys
from pathlib import Path

HOST = "127.0.0.1"

# Four threads keep one core busy while one of them waits for the database: SQLite writes one at a time, and on
# PostgreSQL each thread holds a connection of the pool. What is beyond waits in the listening socket's queue.
THREADS = 4
# Granian counts a connection, idle or not, for as long as it is open, and each reader keeps up to six of them.
CONNECTIONS = 1024
# glibc gives each thread a heap of its own, in which pages that come and go leave holes; Python's threads run one at a
# time, and one heap serves them as fast.
MEMORY = {"MALLOC_ARENA_MAX": "1"}


def command(factory: str, *, port: int, host: str = HOST, workers: int = 1) -> list[str]:
    """Return the command that serves what a factory returns, named `module:function`, on a port of this machine."""
    arguments = {
        "--interface": "wsgi",
        "--host": host,
        "--port": port,
        "--http": "1",
        "--workers": workers,
        "--blocking-threads": THREADS,
        "--backpressure": CONNECTIONS,
        "--workers-kill-timeout": 10,
        "--log-level": "warning",
        "--working-dir": Path(__file__).resolve().parent.parent,
    }
    options = [str(word) for pair in arguments.items() for word in pair]
    return [sys.executable, "-m", "granian", *options, "--no-ws", "--respawn-failed-workers", "--factory", factory]
