"""Gives back to the system what this process no longer uses.

Pages that come and go leave holes among those that stay. glibc keeps the holes for what may come; asked once in a
while, it returns every whole page of memory in them. Other C libraries are left alone.
"""

import ctypes
from collections.abc import Callable

EVERY_SECONDS = 30.0


def _trimmer() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None


_trim = _trimmer()


def give_back() -> None:
    """Return what is free; it takes milliseconds, in which no thread is given memory."""
    if _trim is not None:
        _trim(0)
