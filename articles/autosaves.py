"""What somebody has typed in the form of an article and not saved: one row for each form that they opened.

The desk's script keeps it while they type; the form offers it again when it is opened, and saving the article drops it.
What nobody adds to any more is dropped by the web processes, once a day.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from articles.models import BODY_LENGTH, Article, Autosave
from multitude.transactions import act

# More than any article that could be saved, in characters; and more fields than its form can have.
MOST_TYPED = 2 * BODY_LENGTH
MOST_FIELDS = 300
# As many forms of one article, or of new ones, as somebody leaves without saving.
MOST_FORMS = 20
RETENTION = timedelta(days=90)
SWEEP_SECONDS = 86_400.0
_LONGEST_NAME = 100
_OWN = frozenset({"csrfmiddlewaretoken", "seen_version", "over_version", "form_key"})
_KEY = re.compile("[0-9A-Za-z]{1,32}")


class TooMuch(Exception):
    """Nothing was kept; the text says why, in French."""


def new_key() -> str:
    """Return the key of a form that is being opened."""
    return get_random_string(32)


def key_in(values: Mapping[str, str], name: str = "form_key") -> str:
    """Return the key of a form among what was sent, empty where there is none that could be."""
    key = values.get(name, "")
    return key if _KEY.fullmatch(key) else ""


def typed_in(values: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody has typed among what a form sends, by the names of its fields."""
    return {
        _storable(name): _as_sent(value)
        for name, value in values.items()
        if name not in _OWN and not name.startswith("_")
    }


def digest(values: Mapping[str, str]) -> str:
    """Return 32 characters that tell what somebody has typed in a form from anything else."""
    typed = json.dumps(typed_in(values), sort_keys=True).encode()
    return hashlib.blake2b(typed, digest_size=16).hexdigest()


@act()
def keep(*, user: User, article: Article | None, values: Mapping[str, str], seen_version: int) -> Autosave:
    """Keep what a form holds, as its fields are named in HTML, and return it; what is kept already is not written again.

    `article` is None for a new one; `seen_version` is the version that the form showed. Raises TooMuch.
    """
    key = key_in(values)
    typed = typed_in(values)
    size = sum(map(len, typed.values()))
    if size > MOST_TYPED or len(typed) > MOST_FIELDS or any(len(name) > _LONGEST_NAME for name in typed):
        raise TooMuch(_("Ce texte est trop long pour être gardé en brouillon : il faut le raccourcir."))
    others = Autosave.objects.filter(user=user, article=article)
    kept = others.select_for_update().filter(form_key=key).first()
    if kept and kept.values == typed and kept.seen_version == seen_version:
        return kept
    if kept is None and others.count() >= MOST_FORMS:
        raise TooMuch(_("Vous avez ici trop de brouillons : reprenez-en, ou abandonnez-en."))
    now = {"values": typed, "seen_version": seen_version, "saved_at": timezone.now()}
    return Autosave.objects.update_or_create(user=user, article=article, form_key=key, defaults=now)[0]


def all_of(user: User, article: Article | None) -> QuerySet[Autosave]:
    """Return all that somebody has typed about an article, None for new ones, and not saved, the last first."""
    return Autosave.objects.filter(user=user, article=article).order_by("-saved_at", "-pk")


def of(user: User, article: Article | None, key: str = "") -> Autosave | None:
    """Return what somebody has typed in a form, or last where its key is not given, and not saved."""
    kept = all_of(user, article)
    return (kept.filter(form_key=key) if key else kept).first()


def drop(user: User, article: Article | None, key: str) -> None:
    """Forget what somebody has typed in a form, since it is saved or given up."""
    Autosave.objects.filter(user=user, article=article, form_key=key).delete()


@act()
def drop_old(now: datetime | None = None) -> int:
    """Forget what nobody has added to for 90 days; return of how many forms."""
    return Autosave.objects.filter(saved_at__lt=(now or timezone.now()) - RETENTION).delete()[0]


def _storable(text: str) -> str:
    """Return text without what no database stores."""
    return text.replace("\x00", "")


def _as_sent(value: str) -> str:
    """Return text with its lines ended as a form sends them, and without what no database stores."""
    return re.sub(r"\r\n?|\n", "\r\n", _storable(value))
