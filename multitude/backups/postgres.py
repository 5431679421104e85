"""The database of a backup where it is PostgreSQL: pg_dump and pg_restore, of one snapshot that the counts are taken from too.

The tables of the site's schema are all that is dumped: no role, owner, right or extension of the server, so that any other
server takes them. The password is given to these programs in their environment, never on a command line.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from psycopg import connect, sql
from psycopg.conninfo import make_conninfo

from multitude.backups import BackupFailed, files
from multitude.backups.archive import CHUNK, ArchiveRefused, Manifest
from multitude.backups.snapshot import Advance, Snapshot

# How long a table that somebody has locked is waited for.
LOCK_TIMEOUT = "10s"
_OURS_ALONE = {"context", "cursor_factory", "prepare_threshold", "options", "client_encoding"}
_DUMPED = re.compile(r'dumping contents of table "(?:.*\.)?(.+)"')
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname"
)
# What newer programs say to newer servers, and older ones do not know.
_NEWER = b"SET transaction_timeout"
_HEAD = (b"--", b"SET ", b"SELECT pg_catalog.set_config", b"\\", b"\n")


def named() -> set[str]:
    """Return the names of the files that rows name at this moment. Raises BackupFailed where the database does not answer."""
    with _reading() as database:
        return set(files.named(database.execute))


def snapshot(folder: Path, bar: Callable[[int], Advance]) -> Snapshot:
    """Dump the database as it is now into a file in `folder`; only who changes the tables themselves waits meanwhile."""
    tool = _version("pg_dump")
    with _reading() as database:
        server = database.info.server_version // 10_000
        if tool < server:
            raise BackupFailed(_too_old("pg_dump", tool, server))
        rows, names = _rows(database), set(files.named(database.execute))
        (name,) = _one(database, "SELECT pg_export_snapshot()")
        (schema,) = _one(database, "SELECT current_schema()")
        packed = folder / "base.pgdump"
        _dump(packed, f"--snapshot={name}", f'--table="{schema}".*', follow=_follower(rows, bar))
    return Snapshot(
        file=packed, rows=rows, names=names, bytes=packed.stat().st_size, engine_version=server, tool_version=tool
    )


def holds_something() -> bool:
    """Return whether the database has a table."""
    with _connected() as database:
        return bool(_tables(database))


def suits(manifest: Manifest) -> None:
    """Raise BackupFailed where this machine's PostgreSQL is older than the one the backup comes from."""
    tool = _version("pg_restore")
    _version("psql")
    with _connected() as database:
        server = database.info.server_version // 10_000
    if tool < manifest.tool_version:
        raise BackupFailed(_too_old("pg_restore", tool, manifest.tool_version))
    if server < manifest.engine_version:
        words = {"server": server, "other": manifest.engine_version}
        raise BackupFailed(
            _("Cette sauvegarde vient de PostgreSQL %(other)s, et ce serveur est un PostgreSQL %(server)s : "
              "restaurez-la sur un serveur de version %(other)s ou plus récente.") % words
        )  # fmt: skip


def prepare(packed: Path, folder: Path, manifest: Manifest, bar: Callable[[int], Advance]) -> Path:
    """See that pg_restore can read what is in the backup. Raises ArchiveRefused."""
    said = packed.with_suffix(".said")
    with said.open("wb") as told:
        code = _run("pg_restore", "--list", str(packed), stdout=subprocess.DEVNULL, stderr=told).wait()
    if code:
        raise ArchiveRefused(
            _("La base de cette sauvegarde ne se lit pas (pg_restore : %(reason)s) : rien n’a été changé.")
            % {"reason": _last_line(said.read_text(errors="replace"))}
        )
    return packed


def put(prepared: Path, manifest: Manifest, bar: Callable[[int], Advance]) -> None:
    """Have the site's tables be those of the backup, counted, in one transaction. Raises BackupFailed."""
    connection.close()
    with _connected() as database:
        (schema,) = _one(database, "SELECT current_schema()")
        tables = [sql.Identifier(schema, name) for name in _tables(database)]
        drop = sql.SQL("DROP TABLE {} CASCADE;\n").format(sql.SQL(", ").join(tables)) if tables else sql.SQL("")
        before = sql.SQL("SET lock_timeout = {};\n").format(LOCK_TIMEOUT) + drop
        # A number that is another one divides by zero, and the transaction with it.
        after = sql.SQL("").join(
            sql.SQL("SELECT 1 / ((SELECT count(*) FROM {}) = {})::int;\n").format(sql.Identifier(schema, name), count)
            for name, count in manifest.rows.items()
        )
        first, last = (prepared.with_suffix(suffix) for suffix in (".before", ".after"))
        first.write_text(before.as_string(database))
        last.write_text(after.as_string(database))
    said = prepared.with_suffix(".said")
    read = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(prepared)]
    write = ["psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--no-password"]
    write += ["--single-transaction", f"--file={first}", "--file=-", f"--file={last}", f"--dbname={_where()}"]
    with said.open("wb") as told:
        reader = _run(*read, stdout=subprocess.PIPE, stderr=told)
        writer = _run(*write, stdin=subprocess.PIPE, stderr=told)
        try:
            _hand_over(_given(reader.stdout), _given(writer.stdin), bar(sum(manifest.rows.values())))
            # What is not whole must not be committed.
            is_done = reader.wait() == 0
            if is_done:
                _given(writer.stdin).close()
                is_done = writer.wait() == 0
        except BrokenPipeError:
            is_done = False
        finally:
            for program in (reader, writer):
                program.kill()
                program.wait()
                for pipe in (program.stdin, program.stdout):
                    _close(pipe)
    if not is_done:
        raise BackupFailed(_why_not(said.read_text(errors="replace")))


def settle() -> None:
    """Have PostgreSQL know its new tables, or the first readers would wait for plans made in the dark."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _connected() -> psycopg.Connection[Any]:
    """Open a connection of our own, without the limits that are for readers' requests."""
    parameters = connection.get_connection_params()
    kept = {name: value for name, value in parameters.items() if name not in _OURS_ALONE}
    try:
        return connect(**kept, client_encoding="UTF8")
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise BackupFailed(_("La base de données ne répond pas : %(reason)s") % {"reason": reason}) from error


@contextmanager
def _reading() -> Iterator[psycopg.Connection[Any]]:
    """Read the database of one instant for as long as it takes, but wait for no lock for long."""
    with _connected() as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        database.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
        try:
            yield database
        except psycopg.errors.LockNotAvailable as error:
            raise BackupFailed(_locked()) from error
        except psycopg.Error as error:
            raise DatabaseError(*error.args) from error


def _where() -> str:
    """Return where the database is, for programs of PostgreSQL's own: all but the password."""
    parameters = connection.get_connection_params()
    return make_conninfo(
        **{name: value for name, value in parameters.items() if name not in {*_OURS_ALONE, "password"}}
    )


def _environment() -> dict[str, str]:
    """Return the environment of these programs: the password, and English, in which their reasons are recognised."""
    password = connection.get_connection_params().get("password")
    kept = {name: value for name, value in os.environ.items() if name not in {"PGOPTIONS", "PGSERVICE"}}
    return kept | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})


def _dump(path: Path, *options: str, follow: Callable[[str], None]) -> None:
    command = ["pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--verbose"]
    command += ["--no-password", f"--lock-wait-timeout={LOCK_TIMEOUT}", *options, f"--dbname={_where()}"]
    lines: list[str] = []
    with path.open("wb") as file:
        program = _run(*command, stdout=file, stderr=subprocess.PIPE)
        try:
            for said in _given(program.stderr):
                line = said.decode(errors="replace")
                lines = [*lines[-20:], line]
                follow(line)
            code = program.wait()
        finally:
            program.kill()
            program.wait()
            _close(program.stderr)
    if code:
        raise BackupFailed(_why_not("".join(lines)))


def _follower(rows: dict[str, int], bar: Callable[[int], Advance]) -> Callable[[str], None]:
    """Return what reads from pg_dump's words how far it is."""
    advance = bar(sum(rows.values()))

    def follow(line: str) -> None:
        if found := _DUMPED.search(line):
            advance(rows.get(found[1], 0))

    return follow


def _hand_over(source: IO[bytes], target: IO[bytes], advance: Advance) -> None:
    """Hand what one program says to another, but for what older servers do not know; a row is a line."""
    for line in source:
        if not line.startswith(_NEWER):
            target.write(line)
        if not line.startswith(_HEAD):
            break
    while chunk := source.read(CHUNK):
        target.write(chunk)
        advance(chunk.count(b"\n"))
    target.flush()


def _run(program: str, *words: str, **pipes: Any) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's. Raises BackupFailed where it is not installed."""
    return subprocess.Popen([_found(program), *words], env=_environment(), **pipes)  # noqa: S603  a program of ours, no shell


def _given[Pipe](pipe: Pipe | None) -> Pipe:
    """Return a pipe that was asked for."""
    if pipe is None:
        raise ValueError("no pipe")
    return pipe


def _close(pipe: IO[Any] | None) -> None:
    """Close a pipe, whatever was left in it for a program that is gone."""
    if pipe is not None:
        try:
            pipe.close()
        except BrokenPipeError:
            return


def _tables(database: psycopg.Connection[Any]) -> list[str]:
    return [name for (name,) in database.execute(_TABLES)]


def _rows(database: psycopg.Connection[Any]) -> dict[str, int]:
    counted = sql.SQL("SELECT count(*) FROM {}")
    return {name: _one(database, counted.format(sql.Identifier(name)))[0] for name in _tables(database)}


def _one(database: psycopg.Connection[Any], statement: Any) -> tuple[Any, ...]:
    return tuple(next(iter(database.execute(statement))))


def _found(program: str) -> str:
    if path := shutil.which(program):
        return path
    raise BackupFailed(
        _("Le programme %(program)s manque sur cette machine : installez postgresql-client.") % {"program": program}
    )


def _version(program: str) -> int:
    """Return the major version of a program of PostgreSQL's."""
    with _run(program, "--version", stdout=subprocess.PIPE) as asked:
        number = re.search(rb"\d+", _given(asked.stdout).read())
    return int(number[0]) if number else 0


def _too_old(program: str, version: int, wanted: int) -> str:
    words = {"program": program, "version": version, "wanted": wanted}
    return _(
        "%(program)s %(version)s est plus ancien que PostgreSQL %(wanted)s : installez postgresql-client-%(wanted)s."
    ) % words  # fmt: skip


def _locked() -> str:
    return _(
        "Un autre programme retient une table de la base depuis plus de dix secondes : réessayez quand il aura fini."
    )


def _last_line(said: str) -> str:
    """Return the last thing that a program said, without its own name."""
    lines = [line.strip() for line in said.splitlines() if "error:" in line or "ERROR:" in line]
    return (lines or said.strip().splitlines() or ["?"])[-1].partition("error: ")[2] or (lines or ["?"])[-1]


def _why_not(said: str) -> str:
    """Return in French why a program of PostgreSQL's failed."""
    if "lock timeout" in said:
        return _locked()
    if "division by zero" in said:
        return _("La base restaurée n’a pas les lignes que la sauvegarde annonce : rien n’a été changé.")
    if "No space left" in said:
        return _("Il n’y a plus de place sur le disque.")
    return _("PostgreSQL a refusé (%(reason)s) : rien n’a été changé.") % {"reason": _last_line(said)}
