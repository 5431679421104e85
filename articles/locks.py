"""The one order in which acts lock what they touch: pictures first, then authors, then articles, each in the
order of their keys.

Acts that cross wait for each other then in one direction. Whoever changes a picture locks it and goes on to the articles
that show it; whoever changes an article, or an author's portrait, calls `hold()` before, so that no file moves between
its rendering and its commit.
"""

from collections.abc import Iterable

from articles import pictures
from articles.models import Picture


def hold(article_id: int | None, *, naming: Iterable[int] = (), leaves: bool = False) -> None:
    """Lock the pictures that an article shows, or is about to name, until the transaction under way ends.

    Where it `leaves` the public, its authors' portraits are locked as well, and whoever shows one of all these: they may move.
    """
    shown = {*naming, *pictures.shown_in(article_id)} if article_id else {*naming}
    if article_id and leaves:
        shown |= pictures.portraits_beside(article_id)
    held = (
        Picture.objects.filter(pk__in=shown).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    )
    ids = list(held) if shown else []
    if ids and leaves:
        list(pictures.hold_portrayed(ids))
        list(pictures.users_of(ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
