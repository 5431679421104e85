"""Numbers that somebody sends: figures and nothing else, and no more of them than what they name can have."""

# A row's key has no more.
LONGEST = 18


def number_in(text: str, longest: int = LONGEST) -> int | None:
    """Return the number that a text writes in so many ASCII figures at most; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
