"""A file that is brought back is believed in nothing: what is cut, changed or hostile is refused with one French sentence."""

import random
import tarfile
from pathlib import Path
from typing import Any

import pytest

from multitude.backups import archive
from multitude.backups.archive import ArchiveRefused, Manifest, Reader, Writer

PICTURE = "0" * 32 + "/originale.jpg"


def manifest(**values: Any) -> Manifest:
    """Return what a backup of one picture says of itself."""
    said = {"made_at": "2026-11-26T05:00:00+00:00", "engine": "sqlite", "engine_version": 0, "tool_version": 0}
    said |= {"database_bytes": 9, "orphans": 0, "rows": {"articles_article": 3}, "migrations": [], "files": 1}
    return Manifest(**said | {"secret_mark": "0"} | values)


def write(path: Path, *others: tuple[str, bytes], name: str = archive.MEDIA + PICTURE, **values: Any) -> Path:
    """Write an archive of a picture, a database and whatever else, each with its true checksum."""
    with path.open("wb") as file:
        writer = Writer(file)
        for member, content in [(name, b"image"), ("base.sqlite3.gz", b"base"), *others]:
            writer.add_bytes(member, content)
        writer.add_bytes(archive.MANIFEST, manifest(**values).written())
        writer.close()
    return path


def read(path: Path) -> Reader:
    """Check an archive as a restoration does."""
    with Reader(path) as reader:
        reader.verify(lambda count: None)
        return reader


def with_member(path: Path, member: tarfile.TarInfo, form: int = tarfile.GNU_FORMAT) -> Path:
    """Write an archive with one member more, as another program writes it."""
    head = member.tobuf(form)
    path.write_bytes(head + bytes(max(0, member.size) + -member.size % 512) + write(path).read_bytes())
    return path


def info(name: str, kind: bytes = tarfile.REGTYPE, **values: Any) -> tarfile.TarInfo:
    """Return a member of some kind."""
    made = tarfile.TarInfo(name)
    made.type = kind
    for key, value in values.items():
        setattr(made, key, value)
    return made


def test_an_archive_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.tar"))
    assert found.media == {archive.MEDIA + PICTURE: PICTURE}
    assert found.manifest == manifest()


def test_tar_itself_reads_an_archive(tmp_path: Path) -> None:
    with tarfile.open(write(tmp_path / "a.tar")) as tar:
        names = [archive.MEDIA + PICTURE, "base.sqlite3.gz", archive.MANIFEST, archive.SUMS]
        assert tar.getnames() == names


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ArchiveRefused):
            read(path)


def test_a_byte_changed_anywhere_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    whole = path.read_bytes()
    chance = random.Random(1)
    for _round in range(300):
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        with pytest.raises(ArchiveRefused):
            read(path)


@pytest.mark.parametrize("tail", [b"\0" * 512, b"x", b"\0" * 512 + b"suite"])
def test_more_after_the_end_is_refused(tmp_path: Path, tail: bytes) -> None:
    path = write(tmp_path / "a.tar")
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(ArchiveRefused):
        read(path)


@pytest.mark.parametrize(
    "name",
    [
        "medias/../../etc/passwd",
        "medias/..",
        "medias/a//b",
        "medias/./a",
        "medias/",
        "medias/a\\..\\b",
        "medias/a\nb",
        "/etc/passwd",
        "../secret",
        "autre",
        "data/multitude.sqlite3",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveRefused, match="refusée"):
        read(write(tmp_path / "a.tar", name=name))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "a\0b", "..", ""])
def test_a_name_that_leads_elsewhere_by_what_the_archive_says_is_refused(tmp_path: Path, name: str) -> None:
    member = archive.MEDIA + "a"
    with pytest.raises(ArchiveRefused, match="refusée"):
        read(write(tmp_path / "a.tar", name=member, renamed={member: name}))


@pytest.mark.parametrize(
    "member",
    [
        info("medias/a", tarfile.SYMTYPE, linkname="/etc/passwd"),
        info("medias/a", tarfile.LNKTYPE, linkname="base.sqlite3.gz"),
        info("medias/a", tarfile.DIRTYPE),
        info("medias/a", tarfile.CHRTYPE, devmajor=1, devminor=3),
        info("medias/a", tarfile.FIFOTYPE),
        info("medias/a", tarfile.CONTTYPE),
        info("medias/a", tarfile.GNUTYPE_SPARSE),
        info("medias/" + "a" * 300),
    ],
    ids=["symlink", "hard link", "folder", "device", "pipe", "contiguous", "sparse", "long name"],
)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    with pytest.raises(ArchiveRefused, match="refusée"):
        read(with_member(tmp_path / "a.tar", member))


def test_headers_that_speak_of_other_headers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="refusée"):
        read(with_member(tmp_path / "a.tar", info("medias/" + "é" * 120), form=tarfile.PAX_FORMAT))


@pytest.mark.parametrize("size", [1 << 40, 1 << 62, -1, -(1 << 62)])
def test_a_size_that_cannot_be_is_refused(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.tar")
    path.write_bytes(info("medias/grande", size=size).tobuf(tarfile.GNU_FORMAT) + path.read_bytes())
    with pytest.raises(ArchiveRefused):
        read(path)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="refusée"):
        read(write(tmp_path / "a.tar", (archive.MEDIA + PICTURE, b"autre")))


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"x" * 5_000, b"SQLite format 3\0" * 64])
def test_what_is_no_archive_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(content)
    with pytest.raises(ArchiveRefused, match="n’est pas une sauvegarde"):
        read(path)


@pytest.mark.parametrize("path", ["absent.tar", "."])
def test_what_cannot_be_read_is_told(tmp_path: Path, path: str) -> None:
    with pytest.raises(ArchiveRefused, match="ne peut pas être lu"):
        read(tmp_path / path)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"format": 1, "made_at": 3}',
        manifest().written().replace(b'"files": 1', b'"files": -1'),
        manifest().written().replace(b'"files": 1', b'"files": 1e99'),
        manifest().written().replace(b'"articles_article": 3', b'"articles_article": "3"'),
        manifest().written().replace(b'"engine": "sqlite"', b'"engine": "mysql"'),
        manifest().written().replace(b'"engine": "sqlite"', b'"engine": ["sqlite"]'),
        manifest().written().replace(b'"missing": []', b'"missing": [3]'),
        manifest().written().replace(b'"renamed": {}', b'"renamed": []'),
        manifest().written().replace(b'"format": 1', b'"format": 1, "autre": 2'),
    ],
)
def test_a_backup_that_says_nonsense_of_itself_is_refused(said: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="n’est pas une sauvegarde"):
        Manifest.parse(said)


def test_a_backup_of_a_later_form_is_told_to_be_one() -> None:
    with pytest.raises(ArchiveRefused, match="plus récente"):
        Manifest.parse(b'{"format": 2}')


def test_a_backup_that_holds_another_number_of_pictures_than_it_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="incomplète"):
        read(write(tmp_path / "a.tar", files=2))


def test_a_name_that_tar_cannot_hold_is_kept_all_the_same(tmp_path: Path) -> None:
    for name in ("é" * 120, "a" * 200, "dossier/a\nb.jpg"):
        member = archive.member_of(name)
        path = write(tmp_path / "a.tar", name=member, renamed={member: name})
        assert read(path).media == {member: name}


def test_a_member_beyond_eight_gigabytes_is_written_and_found(tmp_path: Path) -> None:
    path, size = tmp_path / "grande.tar", 9 * 2**30
    head = archive.head(archive.MEDIA + "grande", size, 0)
    with path.open("wb") as file:
        file.write(head)
        file.seek(512 + size)
        file.write(write(tmp_path / "a.tar").read_bytes())
    with pytest.raises(ArchiveRefused, match="incomplète"):
        Reader(path)
    path.unlink()
