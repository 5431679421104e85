"""Pictures by the gigabyte for a site that is measured: files of the sizes that real ones have, of bytes that nothing compresses."""

import random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from articles.models import Picture, Rendition
from articles.renditions import widths_for

WIDTH, HEIGHT = 2_400, 1_600
# Bytes of an original, and of a rendition at each width, as press photographs take on average.
ORIGINAL = 700_000
RENDITION = {480: 18_000, 800: 40_000, 1_200: 75_000, 1_600: 120_000, 2_000: 170_000}
_FORMATS = (Rendition.Format.AVIF, Rendition.Format.WEBP)
EACH = ORIGINAL + len(_FORMATS) * sum(RENDITION.values())


def pictures(megabytes: int) -> int:
    """Have the site's pictures take so many megabytes at least, and return how many files there are."""
    chance = random.Random(10)
    stock = chance.randbytes(ORIGINAL + 100_000)
    wanted = megabytes * 1_000_000 // EACH + 1
    for number in range(Picture.objects.filter(credit="Banc").count(), wanted):
        picture = Picture(
            width=WIDTH, height=HEIGHT, digest=f"banc-{number}", credit="Banc", rendered_at=timezone.now()
        )
        picture.alternative_text = f"Image {number} du banc d’essai"
        picture.file.name = _stored(f"{picture.key}/originale.jpg", stock, ORIGINAL, number)
        picture.save()
        rows = [
            Rendition(picture=picture, format=form, width=width, height=width * HEIGHT // WIDTH)
            for form in _FORMATS
            for width in widths_for(WIDTH)
        ]
        for row in rows:
            row.file.name = _stored(f"{picture.key}/{row.width}.{row.format}", stock, RENDITION[row.width], number)
        Rendition.objects.bulk_create(rows)
    return Picture.objects.count() + Rendition.objects.count()


def _stored(name: str, stock: bytes, size: int, number: int) -> str:
    """Store a file like no other, and return its name."""
    return default_storage.save(name, ContentFile(f"{name} {number}".encode() + stock[number % 97 :][:size]))
