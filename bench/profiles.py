"""Where the time goes, in a sentence: said of what is measured beside an anchor, met or missed."""

from bench.inside import Inside

_LEAST = 0.03


def told(inside: Inside, path: str, name: str, bodies: list[str] | None = None) -> str:
    """Return the profile of a page, or of forms that are sent, as a sentence; the areas under 3 % are left out."""
    shares = inside.call("profile", path=path, bodies=bodies)
    parts = [f"{area} {share:.0%}".replace("%", " %") for area, share in shares if share >= _LEAST]
    return f"Où va le temps, {name} : {', '.join(parts)}."
