"""Picture files and stored pictures to test with, small, made by Pillow."""

from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import intake, library, pictures, renditions
from articles.models import Picture

_numbers = count(1)


def encoded(
    form: str = "JPEG", *, size: tuple[int, int] = (60, 40), colour: Any = (200, 30, 40), **values: Any
) -> bytes:
    """Return a file of one colour."""
    mode = values.pop("mode", "RGB")
    file = BytesIO()
    Image.new(mode, size, colour).save(file, form, **values)
    return file.getvalue()


def upload(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    """Return a file as a form receives it."""
    return SimpleUploadedFile(name, content, kind)


def opened(content: bytes) -> Image.Image:
    """Return a file as whoever reads it sees it, decoded."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def make_picture(*, size: tuple[int, int] = (60, 40), made: bool = False, **values: Any) -> Picture:
    """Return a stored picture, each of a colour of its own; `made` is with its renditions."""
    number = next(_numbers)
    colour = (number * 37 % 256, number * 91 % 256, number // 256 % 256)
    taken = intake.take(upload(encoded("PNG", size=size, colour=colour) + str(number).encode()))
    said = {"alternative_text": f"Image {number}", "credit": f"Photo : {number}"}
    picture, _is_new = library.add(taken, **said | values)
    if made:
        renditions.make(picture)
        picture.refresh_from_db()
    return picture


def body(*shown: Picture) -> str:
    """Return a text with pictures."""
    return "<p>a</p>" + "".join(f'<figure data-picture="{picture.pk}"></figure>' for picture in shown)


def files(picture: Picture) -> list[str]:
    """Return the names of a picture's files, as they now are."""
    return pictures.files_of(Picture.objects.get(pk=picture.pk))
