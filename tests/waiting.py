"""What others do in their own time, waited for no longer than it takes."""

import time
from collections.abc import Callable

PATIENCE = 60.0


def until[T](found: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Return what a function finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(0.01)
    return result
