"""Nothing but pixels passes: no place, camera, comment, profile, script or second file survives; colours and posture do."""

import random
from io import BytesIO
from time import thread_time
from zipfile import ZipFile

import pytest
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from articles import intake
from tests.articles.pictures.making import encoded, opened, upload

SECRET = b"ORNITHORYNQUE"
SECONDS = 2.0


def drawn(content: bytes, name: str = "photo.jpg") -> bytes:
    """Return what a file becomes, within two seconds of work, and without its secret."""
    began = thread_time()
    taken = intake.take(upload(content, name)).content
    assert thread_time() - began < SECONDS
    assert SECRET not in taken
    return taken


def near(seen: object, wanted: tuple[int, ...], margin: int = 8) -> bool:
    """Return whether a pixel is almost of a colour."""
    return all(abs(one - other) <= margin for one, other in zip(seen, wanted, strict=True))  # type: ignore[call-overload]


def with_exif(orientation: int = 1) -> Image.Exif:
    """Return what a camera writes: where it was, whose it is, how it was held."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 21.0, 8.0)})
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_with_its_place_is_gone(form: str) -> None:
    sent = encoded(form, exif=with_exif())
    assert SECRET in sent
    picture = opened(drawn(sent))
    assert not picture.getexif()
    assert "exif" not in picture.info


def test_comments_and_letters_of_a_jpeg_are_gone() -> None:
    sent = encoded(comment=SECRET, xmp=b"<x>" + SECRET + b"</x>", dpi=(301, 301))
    assert sent.count(SECRET) == 2
    assert {*opened(drawn(sent)).info} <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_text_of_a_png_is_gone() -> None:
    texts = PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    sent = encoded("PNG", pnginfo=texts)
    assert sent.count(SECRET) == 2
    drawn(sent)


def test_text_of_a_transparent_picture_is_gone() -> None:
    sent = encoded("WEBP", mode="RGBA", colour=(9, 9, 9, 90), exif=with_exif(), xmp=SECRET, icc_profile=SECRET)
    assert sent.count(SECRET) == 3
    assert "icc_profile" not in opened(drawn(sent)).info


@pytest.mark.parametrize(
    "tail",
    [
        b"<script>" + SECRET + b"</script>",
        b"<?php " + SECRET,
        b"*/=1;alert('" + SECRET + b"');/*",
        SECRET * 1_000_000,
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_hides_behind_a_picture_is_gone(form: str, tail: bytes) -> None:
    drawn(encoded(form) + tail, "photo.html")


def test_an_archive_behind_a_picture_is_gone() -> None:
    file = BytesIO(encoded("PNG"))
    with ZipFile(file, "a") as archive:
        archive.writestr("x.html", SECRET)
    content = drawn(file.getvalue())
    with pytest.raises(ValueError, match="zip"):
        _open_archive(content)


def _open_archive(content: bytes) -> None:
    try:
        ZipFile(BytesIO(content))
    except Exception as error:
        raise ValueError("no zip") from error


def test_a_script_in_a_comment_before_the_picture_is_gone() -> None:
    sent = encoded(comment=b"/*<html><script>" + SECRET + b"</script>*/")
    assert b"<script>" not in drawn(sent)


def test_a_huge_profile_is_dropped() -> None:
    content = drawn(encoded(icc_profile=SECRET * 700_000))
    assert "icc_profile" not in opened(content).info
    assert near(opened(content).getpixel((5, 5)), (200, 30, 40))


@pytest.mark.parametrize(
    "profile",
    [
        SECRET,
        b"",
        bytes(200),
        # It says when it was made: a name drawn from it would be another one in each process.
        pytest.param(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), id="lab"),
    ],
)
def test_a_profile_that_fits_no_picture_changes_nothing(profile: bytes) -> None:
    content = drawn(encoded("PNG", icc_profile=profile))
    assert near(opened(content).getpixel((5, 5)), (200, 30, 40))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_the_picture_stands_as_the_camera_was_held(orientation: int, form: str) -> None:
    original = Image.new("RGB", (80, 40), "white")
    original.paste("red", (0, 0, 40, 20))
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = original if undo is None else original.transpose(Image.Transpose(undo))
    file = BytesIO()
    stored.save(file, form, exif=with_exif(orientation), quality=95)
    picture = opened(drawn(file.getvalue())).convert("RGB")
    assert picture.size == (80, 40)
    assert near(picture.getpixel((10, 5)), (255, 0, 0), 20)
    assert near(picture.getpixel((70, 35)), (255, 255, 255), 20)


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("L", 120, (120, 120, 120)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 30_840, (120, 120, 120)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_every_way_to_write_a_png_keeps_its_colour(mode: str, colour: object, wanted: tuple[int, ...]) -> None:
    assert near(opened(drawn(encoded("PNG", mode=mode, colour=colour))).convert("RGB").getpixel((5, 5)), wanted)


def test_a_printers_colours_become_the_webs() -> None:
    picture = opened(drawn(encoded(mode="CMYK", colour=(0, 255, 255, 0))))
    assert picture.mode == "RGB"
    assert near(picture.getpixel((5, 5)), (255, 0, 0), 40)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_what_is_transparent_stays_so(form: str) -> None:
    picture = opened(drawn(encoded(form, mode="RGBA", colour=(10, 200, 30, 128))))
    assert (picture.format, picture.mode) == ("WEBP", "RGBA")
    assert near(picture.getpixel((5, 5)), (10, 200, 30, 128))


def test_what_only_might_be_transparent_is_a_jpeg() -> None:
    assert opened(drawn(encoded("PNG", mode="RGBA", colour=(10, 200, 30, 255)))).format == "JPEG"


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGB"), ("JPEG", "L"), ("WEBP", "RGBA")])
def test_a_picture_that_is_nothing_but_grain_is_taken(form: str, mode: str) -> None:
    size = (300, 200)
    noise = random.Random(5).randbytes(size[0] * size[1] * len(mode))
    file = BytesIO()
    Image.frombytes(mode, size, noise).save(file, form, quality=95)
    assert opened(drawn(file.getvalue())).size == size
