"""`manage.py serve --no-demo` and `create_editor`: a site in production makes nothing by itself."""

import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from multitude.management.commands import serve
from multitude.web import server
from tests.factories import make_user
from tests.servers import ROOT, environment, free_port
from tests.waiting import until


def test_a_database_behind_the_code_is_one_sentence_and_left_as_it_is(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "serve", "--no-demo"]
    variables = environment(DATA_DIR=str(tmp_path), PORT=str(free_port()))
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert done.stderr.count("\n") == 1
    with closing(sqlite3.connect(tmp_path / "multitude.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


@pytest.mark.django_db
def test_an_empty_site_is_served_as_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    served: list[str] = []
    monkeypatch.setattr(serve, "become_server", lambda: served.append("yes"))
    monkeypatch.setattr(serve, "prepare", lambda: pytest.fail("something was made"))
    monkeypatch.setattr(serve.Command, "check", lambda self: None)
    monkeypatch.setattr(serve, "check_port", lambda host, port: None)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    # It does without a pool, which the tests go on with.
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dict(connection.settings_dict["OPTIONS"]))
    call_command("serve", no_demo=True)
    assert served == ["yes"]
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_the_first_account_is_told_its_password(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_editor")
    password = capsys.readouterr().out.split("Mot de passe :")[1].split()[0]
    user = User.objects.get(username="redaction")
    assert user.check_password(password)
    assert user.is_superuser
    assert set(user.groups.values_list("name", flat=True)) == {"Modérateurs", "Rédacteurs"}


@pytest.mark.django_db
def test_there_is_one_first_account(capsys: pytest.CaptureFixture[str]) -> None:
    make_user("directrice", is_superuser=True)
    with pytest.raises(CommandError, match="changepassword"):
        call_command("create_editor")
    assert not User.objects.filter(username="redaction").exists()


@pytest.mark.any_database
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_site_listens_on_either_kind_of_address(tmp_path: Path, host: str) -> None:
    port = free_port()
    if host == "::1" and not has_ipv6(port):
        pytest.skip("Cette machine n’a pas d’adresse IPv6.")
    command = server.command("tests.multitude.web.greeting:site", host=host, port=port)
    log = tmp_path / "log"
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            assert until(lambda: asked(host, port) or process.poll() is not None) == b"bonjour", log.read_text()
        finally:
            process.terminate()


def has_ipv6(port: int) -> bool:
    """Return whether this machine can be reached by IPv6."""
    try:
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def asked(host: str, port: int) -> bytes:
    """Return what a site answers; nothing while nobody listens."""
    connection = HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    except OSError:
        return b""
    finally:
        connection.close()
