"""Where the time goes, in a sentence: said of what is made on each request, and of every promise that was missed."""

from typing import Any

from bench.inside import Inside

_LEAST = 0.03


def told(inside: Inside, path: str, name: str, **options: Any) -> str:
    """Return where the time of an answer goes, with the options of `bench.inside.profile.profile`."""
    shares = inside.call("profile", path=path, **options)
    parts = [f"{place} {100 * share:.0f} %" for place, share in shares if share >= _LEAST]
    return f"Où va le temps, {name} : {', '.join(parts)}."
