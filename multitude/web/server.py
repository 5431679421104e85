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
        "--host": host,
        "--port": port,
        "--workers": workers,
        "--threads": THREADS,
        "--connections": CONNECTIONS,
    }
    options = [str(word) for pair in arguments.items() for word in pair]
    # Its folder is not where its workers look for modules.
    return [sys.executable, "-P", str(Path(__file__).with_name("webserver.py")), factory, *options]
