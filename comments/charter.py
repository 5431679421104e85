"""The charter of comments, in versions: what readers accept and moderators apply."""

from comments.models import Charter


def in_force() -> int | None:
    """Return the key of the version in force, or None where there is none."""
    return Charter.objects.order_by("-number").values_list("pk", flat=True).first()
