"""What colleagues call a member of the staff, wherever one is named."""

from django.contrib.auth.models import User


def name_of(user: User) -> str:
    """Return the whole name, or the one by which they log in."""
    return user.get_full_name() or user.get_username()
