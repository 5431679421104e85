"""The same instant, in real threads: what a test of concurrency stands on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

THREADS = 8


def together(act: Callable[[int], Any]) -> list[Any]:
    """Do something in eight threads at once, each with its own connection, and return what each returned."""
    barrier = Barrier(THREADS)

    def one(number: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return act(number)
        finally:
            connection.close()

    connection.close()
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))
