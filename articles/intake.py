"""What becomes of a file that somebody sends as a picture: told by its content, never by its name, and drawn anew.

Only pixels pass. What is stored was encoded here, so that nothing of the file that came survives: no place, camera,
comment, profile, script or second file behind the first. Whatever is refused is refused with one French sentence.
"""

import hashlib
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, UnidentifiedImageError

from articles import anatomy
from multitude import uploads

MAX_BYTES = uploads.LARGEST_PICTURE
MAX_PIXELS = 60_000_000
# The longest side, in pixels, of what is stored: enough for the widest rendition of a portrait, too.
LONGEST_SIDE = 2_560
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
# A printer's profile has two megabytes at most.
_LONGEST_PROFILE = 4 * 1024 * 1024
# Where a profile names its tags (ICC.1, 7.3), and those by which it could have each colour worked out in thousands of steps.
_TAGS, _STEPS = slice(132, 132 + 12 * 100), b"D2B"
# Where a PNG says of how many bits its colours are, and of which kind (11.2.1); sixteen bits for each of three or four.
_DEPTH, _DEEP = slice(24, 26), {b"\x10\x02", b"\x10\x06"}
_ORIENTATION = 0x0112
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_EMPTY = gettext_lazy("Ce fichier est vide.")
_HEAVY = gettext_lazy("Ce fichier est trop lourd : 30 Mo au plus.")
_OTHER = gettext_lazy("Ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF.")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}

# One picture at a time is drawn by each process: sixty million pixels take a third of a gigabyte, as WebP a whole one.
_drawing = threading.Lock()


class PictureRefused(Exception):
    """The file is not taken; the text says why, in French."""


@dataclass(frozen=True)
class Taken:
    """A picture drawn anew: the encoded file, its extension, its size in pixels, and the digest of what was sent."""

    content: bytes
    extension: str
    width: int
    height: int
    digest: str


def take(file: File) -> Taken:
    """Draw a file that was sent anew. Raises PictureRefused."""
    if not file.size:
        raise PictureRefused(str(_EMPTY))
    if file.size > MAX_BYTES:
        raise PictureRefused(str(_HEAVY))
    file.seek(0)
    sent = file.read()
    plain = _plain(sent)
    with _drawing, warnings.catch_warnings(action="ignore"):
        drawn = _draw(_open(plain))
        content, extension = _encode(drawn)
    return Taken(content, extension, drawn.width, drawn.height, _digest(sent))


def for_the_editor() -> dict[str, Any]:
    """Return what the editor's script refuses before anything is sent, and its sentences, in JSON's own types."""
    return {"heaviest": MAX_BYTES, "words": {"empty": str(_EMPTY), "heavy": str(_HEAVY), "other": str(_OTHER)}}


def _digest(sent: bytes) -> str:
    """Return what tells whether the same file is sent again."""
    return salted_hmac("articles.picture", hashlib.sha256(sent).digest(), algorithm="sha256").hexdigest()


def _plain(sent: bytes) -> bytes:
    """Return a file of such parts as an encoder writes."""
    try:
        return anatomy.plain(sent)
    except anatomy.Animated as error:
        raise _animated() from error
    except anatomy.Malformed as error:
        raise _damaged() from error


def _open(sent: bytes) -> Image.Image:
    """Read a file's head, and refuse by what it says before anything is decoded."""
    try:
        picture = Image.open(BytesIO(sent), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        if sent[4:8] == b"ftyp" and sent[8:12] in _HEIC_BRANDS:
            raise PictureRefused(_("Cette image est au format HEIC : exportez-la d’abord en JPEG.")) from error
        raise PictureRefused(str(_OTHER)) from error
    except Exception as error:
        raise _damaged() from error
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()
    if picture.format == "PNG" and sent[_DEPTH] in _DEEP and picture.width * picture.height > MAX_PIXELS / 2:
        raise PictureRefused(_("Cette image est trop grande : à 16 bits par couleur, 30 millions de pixels au plus."))
    if getattr(picture, "is_animated", False):
        raise _animated()
    return picture


def _draw(picture: Image.Image) -> Image.Image:
    """Decode a picture into RGB or RGBA of bounded size, upright, in the colours of the web."""
    try:
        turn = _TRANSPOSITIONS.get(_orientation(picture))
        profile = picture.info.get("icc_profile")
        picture = _averageable(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.5)
        picture = _in_srgb(picture, profile)
        if turn is not None:
            picture = picture.transpose(turn)
        if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
            picture = picture.convert("RGB")
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise _damaged() from error
    return picture


def _orientation(picture: Image.Image) -> Any:
    """Return how the camera was held, by EXIF; what cannot be read is upright."""
    with suppress(Exception):
        return picture.getexif().get(_ORIENTATION)
    return None


def _averageable(picture: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be averaged: no palette, no single bits, no sixteen bits, no colour that is none."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 257).convert("L")
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if picture.mode in {"L", "RGB", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in sRGB, by its profile where it has one that fits."""
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile and len(profile) <= _LONGEST_PROFILE and _STEPS not in profile[_TAGS]:
        # A profile of other colours than the picture's, or that is none, says nothing.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
            if converted is not None:
                return converted
    return picture.convert(wanted)


def _encode(picture: Image.Image) -> tuple[bytes, str]:
    """Return the file to store and its extension: JPEG, or WebP for what is transparent somewhere."""
    # What a picture brings along, encoders would write into the file.
    picture.info.clear()
    file = BytesIO()
    if picture.mode == "RGBA":
        picture.save(file, "WEBP", quality=90, method=2)
        return file.getvalue(), "webp"
    # Pillow has no room for a progressive one of much grain, which would also take several times as long.
    picture.save(file, "JPEG", quality=90, subsampling="4:4:4")
    return file.getvalue(), "jpg"


def _animated() -> PictureRefused:
    return PictureRefused(_("Cette image est animée : envoyez une image fixe."))


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(_("Cette image est trop grande : 60 millions de pixels au plus."))


def _damaged() -> PictureRefused:
    return PictureRefused(_("Ce fichier est abîmé ou incomplet : l’image ne peut pas être lue en entier."))
