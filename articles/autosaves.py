"""What somebody has typed in the form of an article and not saved: one row for each of them and each article.

The desk's script keeps it while they type; the form offers it again when it is opened, and saving the article drops it.
"""

import re
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import BODY_LENGTH, Article, Autosave
from multitude.transactions import act

# More than any article that could be saved, in characters; and more fields than its form can have.
MOST_TYPED = 2 * BODY_LENGTH
MOST_FIELDS = 300
_LONGEST_NAME = 100
_OWN = frozenset({"csrfmiddlewaretoken", "seen_version", "over_version"})


class TooMuch(Exception):
    """Nothing was kept; the text says why, in French."""


@act()
def keep(*, user: User, article: Article | None, values: Mapping[str, str], seen_version: int) -> Autosave:
    """Keep what a form holds, as its fields are named in HTML, and return it; what is kept already is not written again.

    `article` is None for a new one; `seen_version` is the version that the form showed. Raises TooMuch.
    """
    typed = {name: _as_sent(value) for name, value in values.items() if name not in _OWN and not name.startswith("_")}
    size = sum(map(len, typed.values()))
    if size > MOST_TYPED or len(typed) > MOST_FIELDS or any(len(name) > _LONGEST_NAME for name in typed):
        raise TooMuch(_("Ce texte est trop long pour être gardé en brouillon : il faut le raccourcir."))
    kept = Autosave.objects.select_for_update().filter(user=user, article=article).first()
    if kept and kept.values == typed and kept.seen_version == seen_version:
        return kept
    now = {"values": typed, "seen_version": seen_version, "saved_at": timezone.now()}
    return Autosave.objects.update_or_create(user=user, article=article, defaults=now)[0]


def of(user: User, article: Article | None) -> Autosave | None:
    """Return what somebody has typed about an article, None for a new one, and not saved."""
    return Autosave.objects.filter(user=user, article=article).first()


def drop(user: User, article: Article | None) -> None:
    """Forget what somebody has typed about an article, since it is saved or given up."""
    Autosave.objects.filter(user=user, article=article).delete()


def _as_sent(value: str) -> str:
    """Return text with its lines ended as a form sends them, and without what no database stores."""
    return re.sub(r"\r\n?|\n", "\r\n", value.replace("\x00", ""))
