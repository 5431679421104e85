"""Where the time goes, in a sentence: said of what is made on each request, and of every promise that was missed."""

from typing import Any

from bench.inside import Inside
from bench.results import number

_LEAST = 0.03


def told(inside: Inside, path: str, name: str, **options: Any) -> str:
    """Return where the time of an answer goes, with the options of `bench.inside.profile.profile`."""
    shares = inside.call("profile", path=path, **options)
    parts = [f"{place} {100 * share:.0f} %" for place, share in shares if share >= _LEAST]
    return f"Où va le temps, {name} : {', '.join(parts)}."


def longest_query(inside: Inside, name: str, act: str, **arguments: str) -> str:
    """Return the statement that takes longest of a page or an act, as a sentence."""
    statement, milliseconds = inside.call(f"longest_query_of_{act}", **arguments)
    return f"La requête la plus longue, {name} : {number(milliseconds)} ms, `{statement}`."
