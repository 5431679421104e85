"""The verbs of the picture library, called by the desk: add a picture, describe it, delete it."""

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import pictures, renditions
from articles.intake import PictureRefused, Taken
from articles.models import Picture, new_picture_key
from multitude.transactions import act


class PictureInUse(PictureRefused):
    """An article shows the picture, published or not, or it is an author's portrait."""


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


@act()
def describe(picture: Picture) -> Picture:
    """Store what is said of a picture, and its focal point; the articles and authors that show it are rendered again.

    Where the focal point has moved, what is cut around it for sharing is soon made anew.
    """
    stored = Picture.objects.filter(pk=picture.pk)
    if not stored.filter(focal_x=picture.focal_x, focal_y=picture.focal_y).exists():
        renditions.forget(stored)
    picture.save(update_fields=["alternative_text", "credit", "caption", "folded", "focal_x", "focal_y"])
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
