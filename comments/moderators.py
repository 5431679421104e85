"""What colleagues call a moderator, wherever somebody is named."""

from django.contrib.auth.models import User


def name_of(moderator: User) -> str:
    """Return the whole name, or the one by which they log in."""
    return moderator.get_full_name() or moderator.get_username()
