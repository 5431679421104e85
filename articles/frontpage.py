"""The front page: the places that the newsroom fills, then the latest articles, so that it is always full.

A place is kept for its article whatever becomes of that; readers see it while the article is public, and no trace
of it otherwise. The desk calls `arrange()`, the view `cards()`.
"""

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils.translation import gettext as _

from articles.models import LONG_TEXTS, Article, FrontPlace
from multitude.caching import LISTS, Remembered, purge
from multitude.transactions import act

LENGTH = 20
# The lead, and five more.
MOST_PLACES = 6


class Rearranged(Exception):
    """Somebody changed the front page meanwhile, and nothing was done; the text says so, in French."""

    def __init__(self) -> None:
        super().__init__(_("La une a changé depuis que cette page est ouverte."))


class Full(Exception):
    """The front page has as many places as there may be; the text says so, in French."""


def chosen_keys() -> list[int]:
    """Return the keys of the articles that the newsroom has chosen, in their order, as the database holds them."""
    return list(FrontPlace.objects.values_list("article_id", flat=True))


def chosen() -> list[Article]:
    """Return the articles that the newsroom has chosen, in their order, public or not."""
    keys = chosen_keys()
    articles = Article.objects.select_related("section").defer(*LONG_TEXTS).in_bulk(keys)
    return [articles[key] for key in keys if key in articles]


def arrange(wanted: Sequence[int], *, seen: Sequence[int]) -> None:
    """Give the places to articles, by their keys in order; nothing is done unless those that are there are `seen`.

    Raises Rearranged, Full, or Article.DoesNotExist.
    """
    wanted = list(dict.fromkeys(wanted))
    if len(wanted) > MOST_PLACES:
        raise Full(_("La une compte déjà %(count)s places choisies : retirez-en une d’abord.") % {"count": MOST_PLACES})
    try:
        _arrange(wanted, seen)
    except IntegrityError as error:  # somebody filled an empty front page at the same instant
        raise Rearranged from error


@act()
def _arrange(wanted: Sequence[int], seen: Sequence[int]) -> None:
    locked = FrontPlace.objects.select_for_update().values_list("article_id", flat=True)
    if list(locked) != list(seen):
        raise Rearranged
    if Article.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Article.DoesNotExist
    # Those that were seen and no others: a place filled meanwhile is in the way of the new ones, and so is noticed.
    FrontPlace.objects.filter(article_id__in=seen).delete()
    FrontPlace.objects.bulk_create(FrontPlace(rank=rank, article_id=pk) for rank, pk in enumerate(wanted, start=1))
    purge(LISTS)


def cards() -> list[tuple[str, int]]:
    """Return what the front page shows, the lead first: the chosen that are public, then the latest, none of them twice."""
    keys = _chosen.get()
    if not keys:
        return list(Article.objects.published().cards()[:LENGTH])
    public = Article.objects.published().filter(pk__in=keys).values_list("pk", "card_html", "comment_count")
    shown = {pk: (card, comments) for pk, card, comments in public}
    first = [shown[pk] for pk in keys if pk in shown]
    latest = Article.objects.published().exclude(pk__in=shown).cards()
    return [*first, *latest[: LENGTH - len(first)]]


def place_of(article: Article) -> int | None:
    """Return the place at which a public article stands on the front page, from 1, or None."""
    keys = _chosen.get()
    public = set(Article.objects.published().filter(pk__in=keys).values_list("pk", flat=True))
    first = [pk for pk in keys if pk in public]
    latest = Article.objects.published().exclude(pk__in=public).newest_first().values_list("pk", flat=True)
    shown = [*first, *latest[: LENGTH - len(first)]]
    return shown.index(article.pk) + 1 if article.pk in shown else None


_chosen = Remembered(chosen_keys, LISTS)
