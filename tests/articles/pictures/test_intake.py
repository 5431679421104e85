"""What is taken as a picture and what is refused, told by content alone; what is taken is drawn anew."""

from io import BytesIO
from struct import pack
from zlib import compress, crc32

import pytest
from PIL import Image

from articles import intake
from articles.intake import PictureRefused, Taken
from tests.articles.pictures.making import encoded, opened, upload

NO_PICTURE = "Ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF."
TOO_MANY = "Cette image est trop grande : 60 millions de pixels au plus."
DAMAGED = "Ce fichier est abîmé ou incomplet : l’image ne peut pas être lue en entier."
ANIMATED = "Cette image est animée : envoyez une image fixe."


def take(content: bytes, name: str = "photo.jpg") -> Taken:
    """Take a file as the desk does."""
    return intake.take(upload(content, name))


def refusal(content: bytes, name: str = "photo.jpg") -> str:
    """Return with which sentence a file is refused."""
    with pytest.raises(PictureRefused) as refused:
        take(content, name)
    return str(refused.value)


def png(width: int, height: int, *chunks: tuple[bytes, bytes], data: bytes = b"") -> bytes:
    """Return a PNG of one byte for a pixel that says it has a size, whatever its data."""
    head = (b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    parts = [head, *chunks, (b"IDAT", data or compress(b"\0" * 100)), (b"IEND", b"")]
    written = (pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body)) for kind, body in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_four_formats_are_taken_whatever_their_name(form: str) -> None:
    taken = take(encoded(form, size=(64, 48), quality=95), "../../etc/passwd\u202egpj.svg")
    assert (taken.width, taken.height, taken.extension) == (64, 48, "jpg")
    pixel = opened(taken.content).getpixel((20, 20))
    assert all(abs(seen - sent) < 6 for seen, sent in zip(pixel, (200, 30, 40), strict=True))


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "ICO", "PPM", "JPEG2000", "TGA"])
def test_other_formats_are_not(form: str) -> None:
    assert refusal(encoded(form), "photo.jpg") == NO_PICTURE


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"GIF89a",
        b"\x00",
        b"\xff\xd8",
        b"RIFF\x00\x00\x00\x00WEBP",
    ],
)
@pytest.mark.parametrize("name", ["photo.jpg", "a.png", "x" * 300 + ".webp"])
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes, name: str) -> None:
    assert refusal(content, name) in {NO_PICTURE, DAMAGED}


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "Ce fichier est vide."


def test_a_file_of_31_megabytes_is_refused() -> None:
    assert refusal(encoded() + bytes(31 * 1024 * 1024)) == "Ce fichier est trop lourd : 30 Mo au plus."


def test_a_telephones_own_format_is_named() -> None:
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    assert refusal(heic) == "Cette image est au format HEIC : exportez-la d’abord en JPEG."


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_truncated_file_is_refused(form: str, share: float) -> None:
    noise = BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(noise, form)
    assert refusal(noise.getvalue()[: int(len(noise.getvalue()) * share)]) in {DAMAGED, NO_PICTURE}


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 6_001), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1)])
def test_a_bomb_of_pixels_is_refused_by_its_head(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_draw", None)
    assert refusal(png(*size)) in {TOO_MANY, DAMAGED}


def test_webp_of_the_largest_canvas_is_refused_by_its_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_draw", None)
    head = b"VP8X" + pack("<I", 10) + b"\0\0\0\0" + b"\xff\xff\x00" * 2
    assert refusal(b"RIFF" + pack("<I", len(head) + 4) + b"WEBP" + head) in {TOO_MANY, DAMAGED}


def test_text_that_unpacks_to_very_much_is_refused_unread() -> None:
    bomb = b"note\0\0" + compress(bytes(40_000_000))
    assert refusal(png(10, 10, (b"zTXt", bomb))) in {DAMAGED, NO_PICTURE}


def test_sixty_million_pixels_are_taken_and_bounded() -> None:
    taken = take(encoded("PNG", size=(10_000, 6_000), mode="1", colour=1))
    assert (taken.width, taken.height) == (2_560, 1_536)


def test_one_row_of_many_pixels_keeps_a_height() -> None:
    taken = take(encoded("PNG", size=(60_000, 1)))
    assert (taken.width, taken.height) == (2_560, 1)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_what_is_animated_is_refused(form: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    file = BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100)
    assert refusal(file.getvalue()) == ANIMATED


def test_of_a_camera_that_adds_a_second_picture_the_first_is_taken() -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, "MPO", save_all=True, append_images=frames[1:])
    taken = take(file.getvalue())
    assert (taken.width, taken.height) == (40, 20)


def test_a_jpeg_of_thousands_of_scans_is_refused_undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = encoded(progressive=True)
    begin = sent.rindex(b"\xff\xda")
    monkeypatch.setattr(intake, "_draw", None)
    assert refusal(sent[:begin] + sent[begin:-2] * 1_000 + sent[-2:]) == DAMAGED


def test_the_same_file_has_the_same_digest_and_another_one_another() -> None:
    one, again, other = take(encoded()), take(encoded(), "b.png"), take(encoded(colour=(1, 2, 3)))
    assert one.digest == again.digest != other.digest
    assert len(one.digest) == 64
