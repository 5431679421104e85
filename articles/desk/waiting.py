"""What waits in the newsroom, for the start page: each account is told of what it may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import rights
from articles.desk import filters
from articles.models import Article, State

SHOWN = 5


@dataclass(frozen=True)
class Pile:
    """Some articles that wait together: how many, the first of them, and the list that shows all."""

    title: str
    number: int
    articles: list[tuple[Article, datetime]]
    """Each with the instant that matters here."""
    address: str
    nothing: str


def piles(user: AbstractBaseUser | AnonymousUser) -> list[Pile]:
    """Return what waits for an account, the most pressing first; nothing for one that does not see articles."""
    if not user.has_perm(rights.SEE_ARTICLES):  # type: ignore[union-attr]
        return []
    now = timezone.now()
    today, tomorrow = filters.day_of(now)
    articles = Article.objects
    soonest = articles.in_state(State.SCHEDULED, now).order_by("published_at", "pk")
    told = [
        _pile(
            _("À relire"),
            articles.in_state(State.REVIEW).order_by("ready_at", "pk"),
            {"state": State.REVIEW.value},
            _("Rien n’attend d’être relu."),
            "ready_at",
        ),
        _pile(
            _("Programmés aujourd’hui"),
            soonest.filter(published_at__lt=tomorrow),
            {"state": State.SCHEDULED.value, "day": "aujourdhui"},
            _("Plus rien ne paraît aujourd’hui."),
            "published_at",
        ),
        _pile(
            _("Programmés ensuite"),
            soonest.filter(published_at__gte=tomorrow),
            {"state": State.SCHEDULED.value},
            _("Rien n’est programmé."),
            "published_at",
        ),
        _pile(
            _("Parus aujourd’hui"),
            articles.published(now).filter(published_at__gte=today).order_by("-published_at", "-pk"),
            {"state": State.PUBLISHED.value, "day": "aujourdhui"},
            _("Rien n’a encore paru aujourd’hui."),
            "published_at",
        ),
    ]
    if user.has_perm(rights.WRITE):  # type: ignore[union-attr]
        mine = articles.in_state(State.DRAFT).filter(filters.worked_on_by(user.pk)).order_by("-modified_at", "-pk")
        query = {"state": State.DRAFT.value, "who": "moi"}
        told.append(_pile(_("Mes brouillons"), mine, query, _("Vous n’avez aucun brouillon."), "modified_at"))
    return told


def _pile(title: str, articles: QuerySet[Article], query: dict[str, Any], nothing: str, date: str) -> Pile:
    """Read the first articles of a pile, and count them only where there are more."""
    first = list(articles.select_related("section").only("headline", "section__name", date)[: SHOWN + 1])
    number = len(first) if len(first) <= SHOWN else articles.count()
    address = reverse("admin:articles_article_changelist", query=query)
    return Pile(title, number, [(article, getattr(article, date)) for article in first[:SHOWN]], address, nothing)
