"""What is PostgreSQL's own: programs too old or missing, locked tables, a password that nobody sees."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from multitude.backups import BackupFailed, postgres
from multitude.backups.making import Made
from tests.factories import make_article, make_comment
from tests.multitude.backups.conftest import everything, left_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone has programs of its own"),
]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return what puts a shell script in the place of a program of PostgreSQL's."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def put(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(stat.S_IRWXU)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return put


def test_a_pg_dump_older_than_the_server_is_told(
    back_up: Callable[[], Made], archive: Path, program: Callable[[str, str], None]
) -> None:
    program("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    with pytest.raises(BackupFailed, match=r"pg_dump 9 est plus ancien .* installez postgresql-client-\d+"):
        back_up()
    assert left_in(archive.parent) == []


def test_a_program_that_is_missing_is_told(
    back_up: Callable[[], Made], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="pg_dump manque sur cette machine"):
        back_up()


def test_a_pg_dump_that_fails_is_told_in_its_own_words_and_leaves_nothing(
    back_up: Callable[[], Made], archive: Path, program: Callable[[str, str], None]
) -> None:
    say = "echo 'pg_dump: error: connection to server failed' >&2; exit 1"
    program("pg_dump", f'case "$1" in --version) echo 99;; *) {say};; esac')
    with pytest.raises(BackupFailed, match=r"PostgreSQL a refusé \(connection to server failed\)"):
        back_up()
    assert left_in(archive.parent) == []


def test_nobody_sees_the_password(
    back_up: Callable[[], Made], program: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "mot-de-passe")
    seen = tmp_path / "vu"
    look = f'echo "$@" >{seen}; echo "$PGPASSWORD" >>{seen}; exit 1'
    program("pg_dump", f'case "$1" in --version) echo 99;; *) {look};; esac')
    with pytest.raises(BackupFailed):
        back_up()
    words, environment = seen.read_text().splitlines()
    assert "--dbname=" in words
    assert "mot-de-passe" not in words
    assert environment == "mot-de-passe"


def test_a_table_that_somebody_keeps_locked_is_told_and_leaves_nothing(
    back_up: Callable[[], Made], archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT", "200ms")
    with postgres._connected() as other:
        other.execute("LOCK TABLE comments_comment IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(BackupFailed, match="retient une table"):
            back_up()
    assert left_in(archive.parent) == []


def test_a_table_that_somebody_keeps_locked_holds_up_no_restoration_for_ever(
    back_up: Callable[[], Made], restore: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_comment()
    back_up()
    make_article()
    before = everything()
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT", "200ms")
    with postgres._connected() as other:
        other.execute("LOCK TABLE comments_comment IN ACCESS SHARE MODE")
        with pytest.raises(BackupFailed, match="retient une table"):
            restore()
    assert everything() == before


def test_a_backup_of_a_newer_server_is_told(
    back_up: Callable[[], Made], restore: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_version", lambda program: 99)
    back_up()
    monkeypatch.setattr(postgres, "_version", lambda program: 15)
    with pytest.raises(BackupFailed, match="pg_restore 15 est plus ancien que PostgreSQL 99"):
        restore()


def test_nothing_of_the_server_itself_is_in_a_backup(back_up: Callable[[], Made], archive: Path) -> None:
    with postgres._connected() as other:
        other.execute("CREATE SCHEMA autre")
        other.execute("CREATE TABLE autre.secret (mot text)")
        other.commit()
        try:
            made = back_up()
        finally:
            other.execute("DROP SCHEMA autre CASCADE")
    content = archive.read_bytes()
    assert "secret" not in made.manifest.rows
    assert b"CREATE SCHEMA" not in content
    assert b"OWNER TO" not in content


def test_a_database_that_does_not_answer_is_told(back_up: Callable[[], Made], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**words: object) -> None:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(postgres, "connect", refuse)
    with pytest.raises(BackupFailed, match="ne répond pas : connection refused"):
        back_up()
