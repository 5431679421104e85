"""The file of a backup: a tar of plain files in its oldest form, so that `tar` and `sha256sum -c` can open and check it.

It holds the files of the storage under `medias/`, the database, the secret where the site had made its own, what the
backup says of itself, and last the checksums of all of these. Whoever reads it believes nothing: every header is looked at
before anything is read, a file of another kind, a name that leads elsewhere or a byte that changed refuses the whole.
Memory holds a name and a checksum for each file, never a file.
"""

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from django.utils.translation import gettext as _

FORMAT = 1
MANIFEST, SUMS, SECRET, MEDIA = "manifeste.json", "sommes.sha256", "secret", "medias/"
DATABASES = {"sqlite": "base.sqlite3.gz", "postgresql": "base.pgdump"}
_FIXED = {MANIFEST, SUMS, SECRET, *DATABASES.values()}
CHUNK = 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)
# Beyond what eleven octal digits say, sizes are written as GNU's tar writes them.
_LARGEST_USTAR = 8**11 - 1
_LONGEST_MANIFEST = 64 * CHUNK
_LONGEST_SECRET = 4_096
_LONGEST_LINE = 1_024


class ArchiveRefused(Exception):
    """The file is no backup, or is damaged; nothing was changed. The text says so, in French."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    engine: str
    engine_version: int
    """The major version of PostgreSQL, 0 for SQLite."""
    tool_version: int
    """The major version of pg_dump, 0 for SQLite."""
    database_bytes: int
    """What the database takes once it is unpacked."""
    orphans: int
    """Rows whose foreign key leads nowhere: none, unless something else than the site has written to SQLite."""
    rows: dict[str, int]
    migrations: list[str]
    files: int
    leftovers: list[str] = field(default_factory=list)
    """Files that no row named any more when the database was read."""
    missing: list[str] = field(default_factory=list)
    """Files that a row named, and that were not in the storage."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Members whose names tar could not hold, and what these are."""
    secret_mark: str
    """By which the secret is recognised, and from which nobody can work it out."""
    format: int = FORMAT

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Return what JSON says. Raises ArchiveRefused."""
        try:
            values = json.loads(text)
            if isinstance(values, dict) and isinstance(said := values.get("format"), int) and said > FORMAT:
                raise ArchiveRefused(_("Cette sauvegarde vient d’une version plus récente de Multitude."))
            if not _is_well_said(values):
                raise _unknown()
            return cls(**values)
        except (AttributeError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise _unknown() from error

    def written(self) -> bytes:
        """Return it as JSON."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()


def _is_well_said(values: Any) -> bool:
    """Return whether what a manifest says is of the kinds that it should be."""
    datetime.fromisoformat(values["made_at"])
    counts = [values[name] for name in ("engine_version", "tool_version", "database_bytes", "orphans", "files")]
    names = [*values["migrations"], *values["leftovers"], *values["missing"], *values["renamed"].values()]
    return (
        values["engine"] in DATABASES
        and all(type(number) is int and number >= 0 for number in (*counts, *values["rows"].values()))
        and all(isinstance(name, str) for name in (*names, values["secret_mark"]))
    )


class Writer:
    """Writes an archive, file after file, into what is open for it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sums: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Add a member of so many bytes; ValueError where tar cannot hold its name."""
        self._file.write(head(name, size, int(time.time())))
        digest, left = hashlib.sha256(), size
        while left:
            chunk = content.read(min(CHUNK, left))
            if not chunk:
                raise OSError(f"{name}: {left} bytes are missing")
            digest.update(chunk)
            self._file.write(chunk)
            left -= len(chunk)
        self._file.write(bytes(-size % _BLOCK))
        self._sums[name] = digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a small member."""
        self.add(name, io.BytesIO(content), len(content))

    def close(self) -> None:
        """Add the checksums and the end, and have the disk hold all of it."""
        self.add_bytes(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode())
        self._file.write(_END)
        self._file.flush()
        os.fsync(self._file.fileno())


class Member(NamedTuple):
    """Where a file lies in the archive, and how many bytes it has."""

    offset: int
    size: int


class Reader:
    """An archive whose shape has been found right; use it as a context. Raises ArchiveRefused."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
        except OSError as error:
            words = {"file": path, "reason": error.strerror}
            raise ArchiveRefused(_("« %(file)s » ne peut pas être lu : %(reason)s.") % words) from error
        try:
            self.members = self._walk()
            self._sums = self._read_sums()
            self.manifest = Manifest.parse(self.read(MANIFEST, _LONGEST_MANIFEST))
            if DATABASES[self.manifest.engine] not in self.members or len(self.media) != self.manifest.files:
                raise _damaged()
            if not all(map(_stays_inside, self.media.values())) or len(set(self.media.values())) != len(self.media):
                raise _hostile()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    @property
    def media(self) -> dict[str, str]:
        """The members that are files of the storage, each with its name there."""
        renamed = self.manifest.renamed
        return {name: renamed.get(name, name.removeprefix(MEDIA)) for name in self.members if name.startswith(MEDIA)}

    def verify(self, advance: Callable[[int], object]) -> None:
        """Read everything, and compare each file with its checksum. Raises ArchiveRefused."""
        for name, digest in self._sums.items():
            if self.digest(name, advance) != digest:
                raise _damaged()
        for offset, size in self.members.values():
            self._file.seek(offset + size)
            if any(self._file.read(-size % _BLOCK)):
                raise _damaged()

    def digest(self, name: str, advance: Callable[[int], object] = lambda count: None) -> str:
        """Return the checksum of a member as it is now."""
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
            advance(len(chunk))
        return digest.hexdigest()

    def read(self, name: str, longest: int) -> bytes:
        """Return a small member."""
        if name not in self.members or self.members[name].size > longest:
            raise _unknown()
        return b"".join(self.chunks(name))

    def secret(self) -> bytes:
        """Return the secret that the archive holds; nothing where the site had been given one."""
        return self.read(SECRET, _LONGEST_SECRET) if SECRET in self.members else b""

    def chunks(self, name: str) -> Any:
        """Yield a member in pieces. Raises ArchiveRefused where the file has become shorter meanwhile."""
        offset, left = self.members[name]
        while left:
            self._file.seek(offset)
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise _damaged()
            yield chunk
            offset, left = offset + len(chunk), left - len(chunk)

    def copy(self, name: str, file: IO[bytes]) -> None:
        """Write a member into a file."""
        for chunk in self.chunks(name):
            file.write(chunk)

    def _walk(self) -> dict[str, Member]:
        """Return the members by their names, after a look at every header: regular files under names that lead nowhere else."""
        end = os.fstat(self._file.fileno()).st_size
        members: dict[str, Member] = {}
        place = 0
        while (block := self._block(place)) != bytes(_BLOCK):
            try:
                info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
            except (tarfile.TarError, ValueError) as error:
                raise _damaged() if members else _unknown() from error
            member = Member(place + _BLOCK, info.size)
            if info.type != tarfile.REGTYPE or not _is_plain(info.name) or info.name in members:
                raise _hostile()
            if info.size < 0 or member.offset + info.size > end or not _is_ours(block, info):
                raise _damaged()
            members[info.name] = member
            place = member.offset + info.size + -info.size % _BLOCK
        if self._block(place + _BLOCK) != bytes(_BLOCK) or place + len(_END) != end:
            raise _damaged()
        return members

    def _block(self, place: int) -> bytes:
        self._file.seek(place)
        block = self._file.read(_BLOCK)
        if len(block) != _BLOCK:
            raise _damaged() if place else _unknown()
        return block

    def _read_sums(self) -> dict[str, str]:
        """Return the checksums, one for each member but that which holds them."""
        if not {MANIFEST, SUMS} <= self.members.keys():
            raise _unknown()
        if self.members[SUMS].size > _LONGEST_LINE * len(self.members):
            raise _damaged()
        sums = {}
        for line in self.read(SUMS, self.members[SUMS].size).decode(errors="replace").splitlines():
            digest, _space, name = line.partition("  ")
            sums[name] = digest
        if sums.keys() != self.members.keys() - {SUMS}:
            raise _damaged()
        return sums


def head(name: str, size: int, at: float) -> bytes:
    """Return the header of a member; ValueError where tar cannot hold its name."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, at
    block = info.tobuf(tarfile.USTAR_FORMAT if size <= _LARGEST_USTAR else tarfile.GNU_FORMAT, "utf-8", "strict")
    if len(block) != _BLOCK:
        raise ValueError(name)
    return block


def member_of(name: str) -> str:
    """Return under which name a file of the storage is kept: its own, or a made-up one where tar or the reader would not have it."""
    member = f"{MEDIA}{name}"
    try:
        if head(member, 0, 0) and _is_plain(member):
            return member
    except (ValueError, UnicodeError):
        pass
    return f"{MEDIA}{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()}"


def _is_ours(block: bytes, info: tarfile.TarInfo) -> bool:
    """Return whether a header is, to the last bit, what a Writer writes."""
    try:
        return block == head(info.name, info.size, info.mtime)
    except ValueError:
        return False


def _is_plain(name: str) -> bool:
    """Return whether a member may have the name: one of ours, or a path below `medias/` that stays there."""
    if name in _FIXED:
        return True
    return name.startswith(MEDIA) and _stays_inside(name) and name.isprintable()


def _stays_inside(name: str) -> bool:
    """Return whether a path leads from where one is to somewhere below."""
    return not {"", ".", ".."} & set(name.split("/")) and not {"\\", "\0"} & set(name)


def _hostile() -> ArchiveRefused:
    return ArchiveRefused(_("Cette archive contient ce qu’aucune sauvegarde ne contient : elle est refusée."))


def _unknown() -> ArchiveRefused:
    return ArchiveRefused(_("Ce fichier n’est pas une sauvegarde de Multitude."))


def _damaged() -> ArchiveRefused:
    return ArchiveRefused(_("Cette sauvegarde est incomplète ou abîmée : rien n’a été changé."))
