"""Files of parts without number: none costs whoever takes it more than a real photograph would."""

from io import BytesIO
from struct import pack
from time import thread_time
from zlib import compress, crc32

import pytest
from PIL import Image, ImageCms

from articles import intake
from articles.intake import PictureRefused
from tests.articles.pictures.making import encoded, opened, upload

SECONDS = 2.0
DAMAGED = "Ce fichier est abîmé ou incomplet : l’image ne peut pas être lue en entier."
ANIMATED = "Cette image est animée : envoyez une image fixe."
DEEP = "Cette image est trop grande : à 16 bits par couleur, 30 millions de pixels au plus."
PIXELS = compress(bytes((60 * 3 + 1) * 40))
ONE_SCAN = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
TINY = encoded()


def taken(content: bytes) -> str:
    """Return the size of what a file becomes, or with which sentence it is refused; either within two seconds of work."""
    began = thread_time()
    try:
        picture = intake.take(upload(content))
        return f"{picture.width} × {picture.height}"
    except PictureRefused as error:
        return str(error)
    finally:
        assert thread_time() - began < SECONDS


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes([0xFF, marker]) + pack(">H", len(body) + 2) + body


def jpeg(*, head: bytes = b"", tail: bytes = b"", size: tuple[int, int] | None = None, **values: object) -> bytes:
    """Return a JPEG with something between its first marker and its tables, and before its end."""
    plain = encoded(**values) if values else TINY
    if size:
        frame = plain.index(b"\xff\xc0") + 5
        plain = plain[:frame] + pack(">HH", *reversed(size)) + plain[frame + 4 :]
    return plain[:2] + head + plain[2:-2] + tail + plain[-2:]


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (60, 40), kind: bytes = b"\x08\x02") -> bytes:
    """Return a PNG of some chunks."""
    head = (b"IHDR", pack(">II", *size) + kind + b"\0\0\0")
    written = (pack(">I", len(body)) + name + body + pack(">I", crc32(name + body)) for name, body in (head, *chunks))
    return b"\x89PNG\r\n\x1a\n" + b"".join(written) + pack(">I", 0) + b"IEND" + pack(">I", crc32(b"IEND"))


def box(kind: bytes, body: bytes) -> bytes:
    """Return a box of an AVIF."""
    return pack(">I", len(body) + 8) + kind + body


def avif_of_items(count: int) -> bytes:
    """Return an AVIF that describes so many items."""
    plain = encoded("AVIF")
    begin = plain.index(b"meta") - 4
    length = int.from_bytes(plain[begin : begin + 4])
    items = b"".join(box(b"infe", b"\2\0\0\0" + pack(">HH", number, 0) + b"Exif\0") for number in range(count))
    listed = box(b"iinf", b"\0\0\0\0" + pack(">H", count) + items)
    return plain[:begin] + box(b"meta", plain[begin + 8 : begin + length] + listed) + plain[begin + length :]


@pytest.mark.parametrize("scans", [600, 5_000])
def test_a_jpeg_that_repeats_its_scans_is_refused(scans: int) -> None:
    sent = jpeg(size=(7_000, 8_000))
    begin = sent.index(b"\xff\xda")
    assert taken(sent[:begin] + sent[begin:-2] + ONE_SCAN * scans + sent[-2:]) == DAMAGED


def test_a_jpeg_that_has_each_colour_in_a_scan_of_its_own_is_taken() -> None:
    sent = jpeg(size=(700, 800))
    scans = b"".join(ONE_SCAN.replace(b"\x01\x01", bytes([1, number]), 1) for number in (1, 2, 3))
    assert taken(sent[: sent.index(b"\xff\xda")] + scans + sent[-2:]) == "700 × 800"


def test_the_scans_of_a_second_picture_are_not_the_firsts() -> None:
    assert taken(TINY + TINY * 30) == "60 × 40"


@pytest.mark.parametrize(
    "sent",
    [
        jpeg(head=segment(0xE5, b"") * 300_000),
        jpeg(head=segment(0xFE, b"") * 300_000),
        jpeg(head=segment(0xE1, b"Exif\0\0AB") * 100_000),
        jpeg(head=segment(0xDB, (b"\0" + bytes(range(1, 65))) * 1_000) * 100),
        jpeg(tail=segment(0xE5, b"") * 300_000),
        jpeg(head=b"\xff\xd9"),
        jpeg(head=b"\xff\xd8"),
        jpeg(head=b"\xff\xe5\0\0"),
        jpeg(head=b"\xff\xe5\xff\xff"),
        TINY[: TINY.index(b"\xff\xda")],
        TINY[: TINY.index(b"\xff\xc0") + 4],
        b"\xff\xd8\xff",
    ],
    ids=[
        "applications",
        "comments",
        "exif",
        "tables",
        "after the scan",
        "ended",
        "begun again",
        "short",
        "long",
        "no scan",
        "half a frame",
        "a start",
    ],
)
def test_a_jpeg_of_segments_that_no_encoder_writes_is_refused(sent: bytes) -> None:
    assert taken(sent) == DAMAGED


@pytest.mark.parametrize(
    "sent",
    [
        jpeg(head=b"\xff" * 5_000_000),
        jpeg(head=segment(0xED, b"Photoshop 3.0\0" + b"8BIM\0\1\0\0\0\0\0\0" * 5_000) * 100),
        jpeg(head=segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(60_000)) * 100),
        jpeg(head=segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 100),
        jpeg(head=segment(0xFE, bytes(60_000)) * 100),
        jpeg(head=segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(60_000)) * 100),
        jpeg(tail=b"\xff\xd0" * 2_000_000),
        jpeg(tail=b"\xff\0" * 2_000_000),
        jpeg(size=(4_000, 3_000), head=segment(0xDD, b"\0\1")),
    ],
    ids=["padded", "photoshop", "xmp", "exif", "comments", "profile", "restarts", "zeros", "restarted"],
)
def test_what_is_no_part_of_the_picture_is_not_read(sent: bytes) -> None:
    assert taken(sent) in {"60 × 40", "2560 × 1920"}


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"tEXt", b"a\0b")] * 100_000,
        [(b"zTXt", b"a\0\0" + compress(b""))] * 100_000,
        [(b"iCCP", b"a\0\0" + compress(bytes(1_000_000)))] * 5_000,
        [(b"IDAT", b"")] * 100_000,
    ],
    ids=["texts", "packed texts", "profiles", "pixels"],
)
def test_a_png_of_chunks_without_number_is_refused(chunks: list[tuple[bytes, bytes]]) -> None:
    assert taken(png(*chunks, (b"IDAT", PIXELS))) == DAMAGED
    assert taken(png((b"IDAT", PIXELS), *chunks)) == DAMAGED


def test_a_png_whose_pixels_are_in_small_chunks_is_taken() -> None:
    assert taken(png(*((b"IDAT", PIXELS[place : place + 1]) for place in range(len(PIXELS))))) == "60 × 40"


@pytest.mark.parametrize("kind", [b"\x10\x02", b"\x10\x06"])
def test_sixteen_bits_a_colour_are_taken_of_half_as_many_pixels(kind: bytes) -> None:
    assert taken(png((b"IDAT", PIXELS), size=(6_000, 5_001), kind=kind)) == DEEP
    assert taken(png((b"IDAT", compress(bytes(9_000))), size=(60, 15), kind=kind)) == "60 × 15"


@pytest.mark.parametrize("count", [4_000, 60_000])
def test_an_avif_of_thousands_of_items_is_refused(count: int) -> None:
    assert taken(avif_of_items(count)) == DAMAGED


@pytest.mark.parametrize(
    "tail", [box(b"free", b"") * 5_000, pack(">I", 4) + b"free", pack(">IQ", 1, 3)], ids=["many", "short", "long"]
)
def test_an_avif_of_boxes_that_no_encoder_writes_is_refused(tail: bytes) -> None:
    assert taken(encoded("AVIF") + tail) == DAMAGED


def test_an_avif_with_a_film_is_one() -> None:
    assert taken(encoded("AVIF") + box(b"moov", bytes(100))) == ANIMATED


def test_an_avif_keeps_a_long_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + bytes(200_000)
    assert taken(encoded("AVIF", icc_profile=profile)) == "60 × 40"


def test_a_webp_of_many_pictures_is_a_film() -> None:
    picture = encoded("WEBP", size=(16, 16))[12:]
    side = b"\x0f\0\0"
    frame = b"\0" * 6 + side * 2 + b"\1\0\0\0" + picture
    frames = (b"ANMF" + pack("<I", len(frame)) + frame) * 50_000
    film = b"WEBPVP8X" + pack("<I", 10) + b"\2\0\0\0" + side * 2 + b"ANIM" + pack("<I", 6) + bytes(6) + frames
    assert taken(b"RIFF" + pack("<I", len(film)) + film) == ANIMATED


def profile_of_steps(count: int) -> bytes:
    """Return the profile of sRGB with a way of its own, of so many steps, from colours to colours (ICC.1, 10.16)."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    matrix = b"matf\0\0\0\0" + pack(">HH", 3, 3) + pack(">12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    curve = b"curf\0\0\0\0" + pack(">HH", 1, 0) + b"parf\0\0\0\0" + pack(">HH", 0, 0) + pack(">4f", 1.1, 1, 0, 0)
    curves = b"cvst\0\0\0\0" + pack(">HH", 3, 3) + pack(">II", 36, len(curve)) * 3 + curve
    begin = 16 + 8 * count
    places = pack(">IIII", begin, len(matrix), begin + len(matrix), len(curves)) * (count // 2)
    steps = b"mpet\0\0\0\0" + pack(">HHI", 3, 3, count) + places + matrix + curves
    number = int.from_bytes(plain[128:132])
    tags = (plain[place : place + 12] for place in range(132, 132 + 12 * number, 12))
    moved = b"".join(tag[:4] + pack(">I", int.from_bytes(tag[4:8]) + 12) + tag[8:] for tag in tags)
    begin = len(plain) + 12
    own = b"D2B0" + pack(">II", begin + -begin % 4, len(steps))
    rest = plain[132 + 12 * number :] + bytes(-begin % 4) + steps
    whole = plain[:128] + pack(">I", number + 1) + moved + own + rest
    return pack(">I", len(whole)) + whole[4:]


def test_a_profile_that_works_each_colour_out_in_thousands_of_steps_says_nothing() -> None:
    content = encoded(icc_profile=profile_of_steps(10_000), size=(600, 600))
    began = thread_time()
    picture = opened(intake.take(upload(content)).content)
    assert thread_time() - began < SECONDS
    assert all(abs(one - other) < 6 for one, other in zip(picture.getpixel((5, 5)), (200, 30, 40), strict=True))


def test_a_picture_of_noise_is_taken() -> None:
    noise = Image.effect_noise((600, 400), 200)
    file = BytesIO()
    Image.merge("RGB", (noise, noise.rotate(180), noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT))).save(file, "PNG")
    assert taken(file.getvalue()) == "600 × 400"
