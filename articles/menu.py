"""The sections as every page's menu shows them, kept in memory so that no page asks for them."""

import time
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from articles.models import Section

SECONDS = 60

_sections: list[Section] = []
_until = 0.0
_generation = 0


def sections() -> list[Section]:
    """Return the sections in order, read from the database at most once a minute by each process."""
    global _sections, _until
    if time.monotonic() < _until:
        return _sections
    generation, until = _generation, time.monotonic() + SECONDS
    found = list(Section.objects.all())
    # What was read while a section changed is shown once, and not kept.
    if generation == _generation:
        _sections, _until = found, until
    return found


def section(slug: str) -> Section | None:
    """Return the section at an address, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.slug == slug), None)


def forget() -> None:
    """Have the next page read the sections anew."""
    global _until, _generation
    _until = 0.0
    _generation += 1


def connect() -> None:
    """Forget the menu in this process as soon as a section changes."""
    for signal in (post_save, post_delete):
        signal.connect(_forget_on_commit, sender=Section, dispatch_uid="menu")


def _forget_on_commit(**kwargs: Any) -> None:
    transaction.on_commit(forget)
