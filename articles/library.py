"""The verbs of the picture library, called by the desk: add a picture, describe it, delete it."""

import hashlib

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import pictures, renditions
from articles.intake import PictureRefused, Taken
from articles.models import Picture, new_picture_key
from multitude.transactions import act

DESCRIPTION = ("alternative_text", "credit", "caption", "focal_x", "focal_y")


class PictureInUse(PictureRefused):
    """An article shows the picture, published or not, or it is an author's portrait."""


class Overtaken(Exception):
    """Somebody else said something of the picture meanwhile."""


def add(
    taken: Taken,
    *,
    alternative_text: str,
    credit: str,
    caption: str = "",
    focal_point: tuple[int, int] = (50, 50),
    by: User | None = None,
) -> tuple[Picture, bool]:
    """Store a picture, and return it and whether it is new: the same file sent again is the picture that it was.

    `focal_point` is in hundredths of its width and height.
    """
    if known := Picture.objects.filter(digest=taken.digest).first():
        return known, False
    key = new_picture_key()
    name = default_storage.save(f"{key}/originale.{taken.extension}", ContentFile(taken.content))
    try:
        with act():
            picture = Picture.objects.create(
                key=key,
                file=name,
                width=taken.width,
                height=taken.height,
                digest=taken.digest,
                alternative_text=alternative_text,
                credit=credit,
                caption=caption,
                focal_x=focal_point[0],
                focal_y=focal_point[1],
                uploaded_by=by,
            )
            renditions.soon()
    except BaseException as error:
        pictures.discard([name])
        # Sent twice at the same instant: the other one was faster.
        if isinstance(error, IntegrityError) and (known := Picture.objects.filter(digest=taken.digest).first()):
            return known, False
        raise
    return picture, True


def said_of(picture: Picture) -> str:
    """Return a word for all that is said of a picture, another one once anything else is said."""
    said = "\0".join(str(getattr(picture, name)) for name in DESCRIPTION)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@act()
def describe(picture: Picture, *, seen: str = "") -> Picture:
    """Store what is said of a picture, and its focal point; the articles and authors that show it are rendered again.

    Where the focal point has moved, what is cut around it for sharing is soon made anew.
    `seen` is the word, as of `said_of()`, for what was said of it when one began; without it whatever is said is replaced.
    Raises Overtaken.
    """
    stored = Picture.objects.select_for_update(no_key=True).get(pk=picture.pk)
    if seen and seen != said_of(stored):
        raise Overtaken
    if (stored.focal_x, stored.focal_y) != (picture.focal_x, picture.focal_y):
        renditions.forget(Picture.objects.filter(pk=picture.pk))
    picture.save(update_fields=[*DESCRIPTION, "folded"])
    pictures.refresh([picture.pk])
    return picture


@act()
def delete(picture: Picture) -> None:
    """Delete a picture and its files. Raises PictureInUse."""
    locked = Picture.objects.prefetch_related("renditions").select_for_update().get(pk=picture.pk)
    if pictures.users_of([locked.pk]).exists():
        raise PictureInUse(_("Un article montre cette image : retirez-la d’abord de tous les articles."))
    if locked.portrayed.exists():
        raise PictureInUse(_("C’est le portrait d’un auteur : retirez-le d’abord de sa page."))
    names = pictures.files_of(locked)
    locked.delete()
    transaction.on_commit(lambda: pictures.discard(names))
