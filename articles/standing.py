"""Where an article stands, in a sentence that says what it means for readers: for the desk and the commands."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles.models import Article, State
from multitude import clock
from multitude.labels import day_label, hour_label


def in_words(article: Article, at: datetime | None = None) -> str:
    """Say what state an article is in, since or until when, and whether an embargo holds it."""
    at = at or clock.now()
    said = _sentence(article, article.state(at), at)
    if article.embargo_until and article.embargo_until > at:
        said += " " + _("Sous embargo jusqu’au %(instant)s.") % {"instant": instant_label(article.embargo_until)}
    return said


def instant_label(instant: datetime) -> str:
    """Say an instant as one says it in Paris: «1er décembre 2026 à 6 h 00»."""
    return _("%(day)s à %(hour)s") % {"day": day_label(instant), "hour": hour_label(instant)}


def _sentence(article: Article, state: State, at: datetime) -> str:
    if state == State.DRAFT:
        return _("Brouillon : les lecteurs n’en voient rien.")
    if state == State.REVIEW:
        return _("À relire, depuis le %(instant)s.") % {"instant": _label(article.ready_at)}
    if state == State.UNPUBLISHED:
        return _(
            "Dépublié le %(instant)s : à son adresse, les lecteurs lisent que la rédaction l’a retiré (réponse 410)."
        ) % {"instant": _label(article.unpublished_at)}
    instants = {"instant": _label(article.published_at), "end": _label(article.unpublished_at)}
    is_ending = article.unpublished_at is not None
    if state == State.SCHEDULED:
        if is_ending:
            return _("Programmé du %(instant)s au %(end)s.") % instants
        return _("Programmé pour le %(instant)s : il paraîtra de lui-même.") % instants
    if is_ending:
        return _("En ligne depuis le %(instant)s, et jusqu’au %(end)s.") % instants
    return _("En ligne depuis le %(instant)s.") % instants


def _label(instant: datetime | None) -> str:
    return instant_label(instant) if instant else ""
