"""The parts that a picture file is made of, counted before a decoder sees it.

Pixels are bounded by what a file's head says. Its other parts are not: a few kilobytes hold thousands of scans, each of
which passes over all pixels, and a few megabytes hold millions of segments, chunks or items, each of which costs whoever
reads it. What no encoder writes is refused here, in time that a file's length bounds.
"""

import re
from collections.abc import Iterator

# Cameras and editors write a few hundred, most of them for one long profile or a second picture.
_MOST_SEGMENTS = 4_096
# Tables and the like: an encoder writes a dozen before the first scan.
_MOST_TABLES = 64
# An encoder writes a dozen.
_MOST_SCANS = 24
# Thirty megabytes, in the smallest parts that an encoder writes.
_MOST_CHUNKS = 16_384
# What describes an AVIF besides its profile and its pixels, in bytes: a decoder's work grows with its square.
_LONGEST_DESCRIPTION = 64 * 1024
_MOST_BOXES = 4_096
# A marker, none of which stands in a scan's data (ITU-T T.81, B.1.1.2 and B.1.1.5).
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_START, _END, _SCAN, _APPLICATION = 0xD8, 0xD9, 0xDA, 0xE0
# What tells of a JPEG's colours and posture: JFIF and Adobe marks, the profile, EXIF.
_TELLING = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_PNG = b"\x89PNG\r\n\x1a\n"
_AVIF_BRANDS = {b"avif", b"avis", b"mif1", b"msf1"}
# Boxes that hold others, after so many bytes.
_NESTED = {b"meta": 4, b"iprp": 0, b"ipco": 0}
_PROFILE_OR_PIXELS = {b"colr", b"idat"}


class Malformed(ValueError):
    """No encoder makes a file of such parts."""


class Animated(Malformed):
    """The file is a film."""


def plain(sent: bytes) -> bytes:
    """Return a file without parts that a decoder would read for nothing. Raises Malformed."""
    if sent.startswith(b"\xff\xd8\xff"):
        return _plain_jpeg(sent)
    if sent.startswith(_PNG):
        _check_png(sent)
    elif sent[4:8] == b"ftyp" and sent[8:12] in _AVIF_BRANDS:
        _check_avif(sent)
    return sent


def _plain_jpeg(sent: bytes) -> bytes:
    """Return a JPEG's first picture without comments and letters. Raises Malformed for too many tables or scans."""
    kept, known = [sent[:2]], set[int]()
    tables = scans = most = 0
    first = end = len(sent)
    for marker, begin, after in _segments(sent):
        if marker == _END:
            end = after
            break
        scans += marker == _SCAN
        if marker in _FRAMES:
            # Without progression, each component is in one scan (ITU-T T.81, B.2.3).
            most = _MOST_SCANS if marker in _PROGRESSIVE else int.from_bytes(sent[begin + 9 : begin + 10])
        if scans > most:
            raise Malformed
        if marker == _SCAN:
            first = min(first, begin)
        elif scans == 0 and _tells(sent, marker, begin, known):
            tables += marker < _APPLICATION
            kept.append(sent[begin:after])
    if scans == 0 or tables > _MOST_TABLES:
        raise Malformed
    return b"".join([*kept, sent[first:end]])


def _segments(sent: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each marker of a JPEG, where it begins, and where its segment ends (ITU-T T.81, annex B)."""
    place = 2
    for _number in range(_MOST_SEGMENTS):
        found = _MARKER.search(sent, place)
        if found is None:
            return
        begin, marker = found.start(), found[0][1]
        if marker == _END:
            yield marker, begin, begin + 2
            return
        length = int.from_bytes(sent[begin + 2 : begin + 4])
        place = begin + 2 + length
        if marker < min(_FRAMES) or marker == _START or length < 2 or place > len(sent):
            raise Malformed
        yield marker, begin, place
    raise Malformed


def _tells(sent: bytes, marker: int, begin: int, known: set[int]) -> bool:
    """Return whether a decoder needs a segment; of EXIF, and of each mark, the first one."""
    if marker < _APPLICATION:
        return True
    if marker not in _TELLING or not sent.startswith(_TELLING[marker], begin + 4):
        return False
    is_new = marker not in known or marker == 0xE2
    known.add(marker)
    return is_new


def _check_png(sent: bytes) -> None:
    """Raise Malformed for more chunks, or more profiles, than an encoder writes (PNG, third edition, 5.3 and 11.3.2.3)."""
    place, profiles = len(_PNG), 0
    for _number in range(_MOST_CHUNKS):
        kind = sent[place + 4 : place + 8]
        if kind in {b"", b"IEND"}:
            return
        profiles += kind == b"iCCP"
        if profiles > 1:
            raise Malformed
        place += 12 + int.from_bytes(sent[place : place + 4])
    raise Malformed


def _check_avif(sent: bytes) -> None:
    """Raise Malformed for a longer description than an encoder writes, Animated for a film (ISO/IEC 14496-12, 4.2 and 8)."""
    described = boxes = 0
    spans = [(0, len(sent), False)]
    while spans:
        place, end, is_inside = spans.pop()
        while place + 8 <= end:
            boxes += 1
            size, kind, head = int.from_bytes(sent[place : place + 4]), sent[place + 4 : place + 8], 8
            if size == 1:
                size, head = int.from_bytes(sent[place + 8 : place + 16]), 16
            after = min(place + size, end) if size else end
            if kind == b"moov":
                raise Animated
            if boxes > _MOST_BOXES or after < place + head:
                raise Malformed
            if kind in _NESTED and (is_inside or kind == b"meta"):
                spans.append((place + head + _NESTED[kind], after, True))
            elif is_inside and kind not in _PROFILE_OR_PIXELS:
                described += after - place
            place = after
    if described > _LONGEST_DESCRIPTION:
        raise Malformed
