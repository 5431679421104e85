"""The version of an article that somebody has before their eyes, as a form sends it back."""

import re

_VERSION = re.compile("[0-9]{1,9}")


def seen(typed: str) -> int | None:
    """Return the version, None where nothing was sent, and -1, which none ever is, for something unreadable."""
    if not typed:
        return None
    return int(typed) if _VERSION.fullmatch(typed) else -1
