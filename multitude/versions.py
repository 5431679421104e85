"""Texts that are kept in versions, in either app: each version is a row that is only added, and has the next number.

Whoever writes the next one says which they had before their eyes, so that of two who write at once the second is told.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from multitude.people import name_of


class Version(Protocol):
    """One version of a text."""

    number: int
    author: User | None
    published_at: datetime

    def save(self) -> None:
        """Store it."""


class Superseded(Exception):
    """Somebody else wrote a version meanwhile; the text says who, in French, by the sentence of the kind of text."""

    def __init__(self, last: Version | None, sentence: str | Promise) -> None:
        super().__init__(_who_was_faster(last, sentence))
        self.number = last.number if last else 0
        """The version that is now the last, 0 for none."""


def check(last: Version | None, replaces: int | None, sentence: str | Promise) -> None:
    """Raise Superseded unless the last version has the number that is replaced, 0 where there is none; None does not ask."""
    if replaces not in {None, last.number if last else 0}:
        raise Superseded(last, sentence)


def add(version: Version, latest: Callable[[], Version | None], sentence: str | Promise) -> None:
    """Store a version; raises Superseded where another one took its number at the same instant."""
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise Superseded(latest(), sentence) from error


def after(last: Version | None) -> int:
    """Return the number of the version that follows."""
    return last.number + 1 if last else 1


def _who_was_faster(last: Version | None, sentence: str | Promise) -> str:
    if last is None:
        return _("La version que vous remplacez n’existe plus. Rien n’a changé.")
    return str(sentence) % {
        "number": last.number,
        "colleague": name_of(last.author) if last.author else _("une commande"),
        "time": timezone.localtime(last.published_at).strftime("%d/%m/%Y %H:%M"),
    }
