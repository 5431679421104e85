"""The sections as every page's menu shows them, kept in memory so that no page asks for them."""

import time
from threading import Lock
from typing import Any

from django.db.models.signals import post_delete, post_save

from articles.models import Section

SECONDS = 60

_lock = Lock()
_sections: list[Section] = []
_until = 0.0


def sections() -> list[Section]:
    """Return the sections in order, read from the database at most once a minute by each process."""
    global _sections, _until
    with _lock:
        if time.monotonic() >= _until:
            _sections = list(Section.objects.all())
            _until = time.monotonic() + SECONDS
        return _sections


def section(slug: str) -> Section | None:
    """Return the section at an address, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.slug == slug), None)


def forget(**kwargs: Any) -> None:
    """Have the next page read the sections anew."""
    global _until
    with _lock:
        _until = 0.0


def connect() -> None:
    """Forget the menu in this process as soon as a section changes."""
    post_save.connect(forget, sender=Section, dispatch_uid="menu-saved")
    post_delete.connect(forget, sender=Section, dispatch_uid="menu-deleted")
