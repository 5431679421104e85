"""The files that readers get of a picture: AVIF and WebP at a few widths, and one JPEG for whoever knows neither.

One more is cut out around the focal point, for the cards that networks and messengers make of a page that is shared.

Web processes make them beside answering, so that no worker is needed, or else the worker does; `manage.py render_pictures` does
so at once. Each picture is claimed by one process, and taken up by another where that one was killed. One that fails is left
for ten minutes, and after three attempts for good: readers then get its original, which is of bounded size. What a storage does
not give or take is no fault of the picture, whatever the storage raises: it is tried again every ten minutes, for as long as that
takes, and the page of the site's state says so after an hour.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from io import BytesIO
from itertools import batched

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from articles import pictures
from articles.models import Picture, Rendition
from multitude import clock
from multitude.background import housekeeping, processes
from multitude.health import Grade, State
from multitude.transactions import act

logger = logging.getLogger(__name__)

WIDTHS = (480, 800, 1200, 1600, 2000)
JPEG_WIDTH = 1200
# What cards are made from, everywhere.
SHARED = (1200, 630)
WORK = "pictures"
EVERY_SECONDS = 10.0
ATTEMPTS = 3
CLAIM = timedelta(minutes=10)
LATE = timedelta(hours=1)
# Measured by eye on press photographs: no difference that one sees at arm's length.
_OPTIONS: dict[Rendition.Format, dict[str, object]] = {
    Rendition.Format.AVIF: {"quality": 58, "speed": 7, "max_threads": 1},
    Rendition.Format.WEBP: {"quality": 78, "method": 4},
    Rendition.Format.JPEG: {"quality": 82, "progressive": True, "optimize": True},
}
_EXTENSIONS = {Rendition.Format.AVIF: "avif", Rendition.Format.WEBP: "webp", Rendition.Format.JPEG: "jpg"}
_NICENESS = 10


class StorageAway(Exception):
    """The storage could not read or write just now: no fault of the picture."""


def widths_for(width: int) -> list[int]:
    """Return the widths at which a picture is made, in pixels: none beyond its own, and its own below the widest."""
    return sorted({*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])})


def frame(size: tuple[int, int], focal_point: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the largest part of a picture that has the proportions of a card, as near to the focal point as its edges allow.

    Sizes are in pixels, the focal point in hundredths; the part is its left, upper, right and lower edge.
    """
    wide, high = SHARED
    width, height = min(size[0], size[1] * wide / high), min(size[1], size[0] * high / wide)
    left = min(max(0.0, size[0] * focal_point[0] / 100 - width / 2), size[0] - width)
    upper = min(max(0.0, size[1] * focal_point[1] / 100 - height / 2), size[1] - height)
    return left, upper, left + width, upper + height


def soon() -> None:
    """Have the pictures that wait made soon, once the transaction under way commits."""
    housekeeping.soon(WORK)


def waits() -> bool:
    """Return whether a picture waits that somebody may make now."""
    return bool(_free())


def work_off() -> int:
    """Make the pictures that wait, until this process ends or its worker is wanted for something else."""
    return make_waiting(leaves_off=lambda: housekeeping.gives_way(WORK))


def make_waiting(*, leaves_off: Callable[[], bool] = lambda: False) -> int:
    """Make the renditions of the pictures that wait, one after the other, and return of how many they were made.

    After each of them it may leave off.
    """
    made = 0
    while not housekeeping.is_stopping() and not (made and leaves_off()) and (picture := _claimed()):
        try:
            made += make(picture)
        except Exception as error:
            logger.exception("L’image %s n’a pas pu être déclinée (essai %s).", picture.pk, picture.render_attempts)
            failed = Picture.objects.filter(pk=picture.pk)
            # Nobody has it in hand any more: it waits its ten minutes, whatever becomes of this process.
            failed.update(render_claimed_by="")
            if isinstance(error, StorageAway):
                failed.filter(render_attempts__gt=0).update(render_attempts=F("render_attempts") - 1)
    return made


@contextmanager
def _storage() -> Iterator[None]:
    """Raise StorageAway for what the storage could not do."""
    try:
        yield
    except Exception as error:  # each storage has errors of its own
        raise StorageAway(str(error)) from error


def make(picture: Picture) -> bool:
    """Make all renditions of a picture; the articles that show it are rendered again.

    Returns False where its files were moved meanwhile, or the process ends: it waits again.
    """
    _step_back()
    rows: list[Rendition] = []
    held = False
    try:
        with Image.open(_read(picture)) as original:
            original.load()
            original.info.clear()
            for width in widths_for(picture.width):
                for row in _at_width(picture, original, width):
                    rows.append(row)
                    if housekeeping.is_stopping():
                        _give_back(picture)
                        return False
            rows.append(_cut(picture, original))
        held = _hold(picture, rows)
    finally:
        if not held:
            pictures.discard(str(row.file) for row in rows)
    return held


def _read(picture: Picture) -> BytesIO:
    """Return the original, which is of bounded size."""
    with _storage(), default_storage.open(str(picture.file)) as file:
        return BytesIO(file.read())


def make_lost(names: list[str]) -> None:
    """Have the pictures made again of which one of these files, by their names in the storage, was lost."""
    for some in batched(names, 500):
        forget(Picture.objects.filter(pk__in=Rendition.objects.filter(file__in=some).values("picture")))


def forget(again: QuerySet[Picture]) -> None:
    """Have pictures made again, as if they had come just now; what there is serves until then."""
    again.update(rendered_at=None, render_claimed_at=None, render_claimed_by="", render_attempts=0)
    soon()


def examine() -> State:
    """Say how many pictures were given up, or fail all the time, for the page of the site's state."""
    number = given_up().count()
    if not number:
        return _examine_late()
    sentence = ngettext(
        "Une image n’a pas pu être déclinée : les lecteurs en reçoivent l’original. Le journal dit pourquoi ; "
        "puis lancez manage.py render_pictures, ou remplacez-la.",
        "%(number)d images n’ont pas pu être déclinées : les lecteurs en reçoivent les originaux. Le journal dit pourquoi ; "
        "puis lancez manage.py render_pictures, ou remplacez-les.",
        number,
    )
    return State(Grade.WATCH, sentence % {"number": number}, number)


def _examine_late() -> State:
    tried = _waiting().filter(uploaded_at__lt=clock.now() - LATE, render_claimed_at__isnull=False)
    number = tried.exclude(_in_hand()).count()
    if not number:
        return State(Grade.GOOD, _("Aucune n’a été abandonnée."), 0)
    sentence = ngettext(
        "Une image attend : son stockage ne la donne pas, ou ne prend pas ce qui en est fait. Elle est réessayée toutes les "
        "dix minutes ; le journal dit pourquoi.",
        "%(number)d images attendent : leur stockage ne les donne pas, ou ne prend pas ce qui en est fait. Elles sont réessayées "
        "toutes les dix minutes ; le journal dit pourquoi.",
        number,
    )
    return State(Grade.WATCH, sentence % {"number": number}, number)


def given_up() -> QuerySet[Picture]:
    """Return the pictures that are not tried any more."""
    return Picture.objects.filter(rendered_at__isnull=True, render_attempts__gte=ATTEMPTS).exclude(_in_hand())


def _in_hand() -> Q:
    return ~Q(render_claimed_by="") & Q(render_claimed_at__gte=clock.now() - CLAIM)


def _waiting() -> QuerySet[Picture]:
    return Picture.objects.filter(rendered_at__isnull=True, render_attempts__lt=ATTEMPTS)


def _free() -> list[tuple[int, datetime | None]]:
    """Return those that have waited longest and that nobody has in hand, with when somebody had."""
    now = clock.now()
    claimed = _waiting().exclude(render_claimed_by="").filter(render_claimed_at__gte=now - CLAIM)
    gone = [name for name in set(claimed.values_list("render_claimed_by", flat=True)) if processes.is_gone(name)]
    free = Q(render_claimed_at__isnull=True) | Q(render_claimed_at__lt=now - CLAIM) | Q(render_claimed_by__in=gone)
    return list(_waiting().filter(free).order_by("uploaded_at").values_list("pk", "render_claimed_at")[:ATTEMPTS])


def _claimed() -> Picture | None:
    """Claim the picture that has waited longest, for this process alone; None where none waits."""
    claim = {"render_claimed_at": clock.now(), "render_claimed_by": processes.this_one()}
    for key, claimed_at in _free():
        # Whoever updates the row first has it.
        if (
            _waiting()
            .filter(pk=key, render_claimed_at=claimed_at)
            .update(**claim, render_attempts=F("render_attempts") + 1)
        ):
            return Picture.objects.get(pk=key)
    return None


def _give_back(picture: Picture) -> None:
    """Let any process claim a picture at once, as if this one had never tried."""
    claimed = Picture.objects.filter(pk=picture.pk, render_attempts__gt=0)
    claimed.update(render_claimed_at=None, render_claimed_by="", render_attempts=F("render_attempts") - 1)


def _at_width(picture: Picture, original: Image.Image, width: int) -> Iterator[Rendition]:
    """Store a picture at one width in each format, and yield the rows that are still to be written."""
    height = max(1, round(picture.height * width / picture.width))
    small = original.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    formats = [Rendition.Format.AVIF, Rendition.Format.WEBP]
    if width == min(JPEG_WIDTH, widths_for(picture.width)[-1]):
        formats.append(Rendition.Format.JPEG)
    for form in formats:
        drawn = _on_white(small) if form == Rendition.Format.JPEG else small
        yield _stored(picture, drawn, form, str(width))


def _cut(picture: Picture, original: Image.Image) -> Rendition:
    """Store what a card shows of a picture, never enlarged, and return the row that is still to be written."""
    left, upper, right, lower = frame(original.size, (picture.focal_x, picture.focal_y))
    share = min(1.0, SHARED[0] / (right - left))
    size = max(1, round((right - left) * share)), max(1, round((lower - upper) * share))
    card = original.resize(size, Image.Resampling.LANCZOS, box=(left, upper, right, lower), reducing_gap=3)
    row = _stored(picture, _on_white(card), Rendition.Format.JPEG, "partage")
    row.is_cut = True
    return row


def _stored(picture: Picture, drawn: Image.Image, form: Rendition.Format, name: str) -> Rendition:
    """Store a file of a picture, and return the row that is still to be written."""
    file = BytesIO()
    drawn.save(file, form.value.upper(), **_OPTIONS[form])
    with _storage():
        path = default_storage.save(f"{picture.key}/{name}.{_EXTENSIONS[form]}", ContentFile(file.getvalue()))
    return Rendition(picture=picture, format=form, width=drawn.width, height=drawn.height, file=path)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture without transparency, as a JPEG has none."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


@act()
def _hold(picture: Picture, rows: list[Rendition]) -> bool:
    """Write what was made of a picture, in place of what was made before, unless its files have moved."""
    if not Picture.objects.select_for_update(no_key=True).filter(pk=picture.pk, key=picture.key).exists():
        return False
    old = [str(each.file) for each in Rendition.objects.filter(picture=picture)]
    Rendition.objects.filter(picture=picture).delete()
    Rendition.objects.bulk_create(rows)
    Picture.objects.filter(pk=picture.pk).update(rendered_at=clock.now())
    transaction.on_commit(lambda: pictures.discard(old))
    pictures.refresh([picture.pk])
    return True


def _step_back() -> None:
    """Let whoever answers readers go first: on Linux, a thread has a priority of its own."""
    with suppress(OSError, AttributeError):
        if threading.current_thread() is not threading.main_thread():
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
