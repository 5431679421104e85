"""Numbers that somebody sends: figures and nothing else, and no more of them than what they name can have."""

# What has more figures is no key that was ever given.
LONGEST = 18
_LONGEST_VERSION = 9


def number_in(text: str, longest: int = LONGEST) -> int | None:
    """Return the number that a text writes in so many ASCII figures at most; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None


def is_key(text: object) -> bool:
    """Return whether a row can have this key."""
    return number_in(str(text)) is not None


def version_in(text: str | None) -> int | None:
    """Return the version that somebody has before their eyes, as a form sends it back.

    None where none was sent, and -1, which none ever is, for something unreadable.
    """
    if text is None:
        return None
    number = number_in(text, _LONGEST_VERSION)
    return -1 if number is None else number
