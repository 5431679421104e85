"""The readers of the environment: a good value, an empty one, and a wrong one that is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from multitude import environment
from multitude.environment import Network

NAME = "MULTITUDE_ESSAI"
FOLDER = Path("/nulle-part")


def port(name: str) -> int:
    """Read a port."""
    return environment.integer(name, 8000, minimum=1, maximum=65535)


def host(name: str) -> str:
    """Read an address of this machine."""
    return environment.address(name, "127.0.0.1")


def address(name: str) -> str:
    """Read an address of a site."""
    return environment.site_url(name, "http://127.0.0.1:8000")


def rate(name: str) -> tuple[int, int] | None:
    """Read a rate."""
    return environment.rate(name, "5/10m")


def engine(name: str) -> str:
    """Read a database, and say what it is and where."""
    config = environment.database(name, FOLDER)
    return f"{config['ENGINE'].rpartition('.')[2]} {config['NAME']}"


def backend(name: str) -> str:
    """Read a cache, and say what it is."""
    return str(environment.cache(name)["BACKEND"]).rpartition(".")[2]


def mailer(name: str) -> list[Any]:
    """Read the mailer, and say how it reaches its server."""
    options = environment.mailers(name)["transport"].get("OPTIONS", {})
    assert isinstance(options, dict)
    return [options.get(key) for key in ("host", "port", "use_ssl", "use_tls", "username", "password")]


def storage(name: str) -> str:
    """Read a storage, and say which class it is."""
    return str(environment.storage(name)["BACKEND"]).rpartition(".")[2]


def content(name: str) -> str:
    """Read one of two words."""
    return environment.choice(name, "summary", "full")


def contact(name: str) -> str:
    """Read how somebody is reached."""
    return environment.contact(name, "redaction@exemple.fr")


def text(name: str) -> str:
    """Read a text."""
    return environment.text(name, "redaction@exemple.fr")


GOOD: list[tuple[Callable[[str], Any], str, Any]] = [
    *((environment.flag, value, True) for value in ("1", "true", "Yes", " on ", "oui")),
    *((environment.flag, value, False) for value in ("", "0", "false", "no", "off", "NON")),
    *((port, value, number) for value, number in (("", 8000), ("1", 1), (" 65535 ", 65535))),
    (environment.words, "", []),
    (environment.words, "a.fr, b.fr  c.fr,", ["a.fr", "b.fr", "c.fr"]),
    (environment.networks, "", []),
    (environment.networks, "10.1.2.3/8 ::1", [Network.parse("10.0.0.0/8"), Network.parse("::1/128")]),
    *((host, value, read) for value, read in (("", "127.0.0.1"), (" 10.0.0.2 ", "10.0.0.2"), ("::1", "::1"))),
    (address, "", "http://127.0.0.1:8000"),
    (address, "https://exemple.fr/", "https://exemple.fr"),
    (address, "http://[::1]:8000", "http://[::1]:8000"),
    (environment.server_urls, "", []),
    (environment.server_urls, "http://127.0.0.1:6081", ["http://127.0.0.1:6081"]),
    (environment.server_urls, "http://a.fr/, https://[::1]:6 http://a.fr", ["http://a.fr", "https://[::1]:6"]),
    (rate, "", (5, 600)),
    (rate, "3/1s", (3, 1)),
    (rate, "10/2H", (10, 7200)),
    (rate, "1/1j", (1, 86400)),
    (rate, "off", None),
    (engine, "", "sqlite3 /nulle-part/multitude.sqlite3"),
    (engine, "sqlite:////tmp/a.sqlite3", "sqlite3 /tmp/a.sqlite3"),
    (engine, "postgres://moi@base.fr/journal", "postgresql journal"),
    (backend, "", "LocMemCache"),
    (backend, "redis://127.0.0.1:6379/0", "RedisCache"),
    (backend, "rediss://cache.fr/1", "RedisCache"),
    (mailer, "", [None] * 6),
    (mailer, "smtp://mail.fr", ["mail.fr", 587, False, True, None, None]),
    (mailer, "smtp://mail.fr?tls=0", ["mail.fr", 25, False, False, None, None]),
    (mailer, "smtps://moi:p%40sse@mail.fr:4650", ["mail.fr", 4650, True, False, "moi", "p@sse"]),
    (storage, "", "WholeFiles"),
    (storage, " storages.backends.s3.S3Storage ", "S3Storage"),
    (content, "", "summary"),
    (content, " FULL ", "full"),
    (contact, "", "mailto:redaction@exemple.fr"),
    (contact, " moi@exemple.fr ", "mailto:moi@exemple.fr"),
    (contact, "https://exemple.fr/signaler", "https://exemple.fr/signaler"),
    (text, "", "redaction@exemple.fr"),
    (text, " moi@exemple.fr ", "moi@exemple.fr"),
]
WRONG: list[tuple[Callable[[str], Any], str]] = [
    (environment.flag, "peut-être"),
    *((port, value) for value in ("0", "65536", "-1", "80.5", "http", "1" * 30)),
    *((host, value) for value in ("localhost", "10.0.0.0/8", "10.0.0.1:8000", "*")),
    *((environment.networks, value) for value in ("10.0.0.0/33", "exemple.fr", "10.0.0.1;10.0.0.2")),
    *(
        (address, value)
        for value in ("exemple.fr", "ftp://exemple.fr", "https://", "https://exemple.fr/a", "https://exemple.fr?a", "/")
    ),
    *((address, value) for value in ("http://[::1", "http://exemple.fr:port", "http://exemple.fr:70000")),
    *((environment.server_urls, value) for value in ("127.0.0.1:6081", "http://a.fr ftp://b.fr", "http://a.fr/purge")),
    *(
        (environment.server_urls, value)
        for value in ("http://moi:secret@a.fr", "http://a.fr:port", "http://", "//a.fr")
    ),
    *((rate, value) for value in ("5", "5/m", "0/10m", "5/0m", "5/10w", "-5/10m", "5/10m!")),
    *((engine, value) for value in ("mysql://base.fr/journal", "rien", "postgres://base.fr:port/journal")),
    *((backend, value) for value in ("memcached://cache.fr", "cache.fr", "redis://[::1")),
    *((content, value) for value in ("tout", "summary full")),
    *(
        (contact, value)
        for value in ("moi", "http://exemple.fr", "https://", "https://[::1", "https://a.fr\nb", "a@b@c")
    ),
    *((storage, value) for value in ("S3Storage", "s3://journal", "a.b;c")),
    *((mailer, value) for value in ("mail.fr", "http://mail.fr", "smtp://", "smtp://mail.fr:port", "smtp://[::1")),
]


@pytest.mark.parametrize(("reader", "value", "expected"), GOOD)
def test_a_good_value_is_read(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[str], Any], value: str, expected: Any
) -> None:
    monkeypatch.setenv(NAME, value)
    assert reader(NAME) == expected


@pytest.mark.parametrize(
    "reader",
    [
        *(port, host, address, rate, engine, backend, mailer, storage, content, contact, text),
        *(environment.words, environment.server_urls),
    ],
)
def test_an_absent_variable_is_an_empty_one(monkeypatch: pytest.MonkeyPatch, reader: Callable[[str], Any]) -> None:
    monkeypatch.delenv(NAME, raising=False)
    absent = reader(NAME)
    monkeypatch.setenv(NAME, "")
    assert reader(NAME) == absent


@pytest.mark.parametrize(("reader", "value"), WRONG)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[str], Any], value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        reader(NAME)


def test_a_storage_has_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{NAME}_OPTIONS", '{"bucket_name": "journal"}')
    assert environment.storage(NAME)["OPTIONS"] == {"bucket_name": "journal"}


@pytest.mark.parametrize("value", ["[]", "journal", "{", "3"])
def test_options_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(f"{NAME}_OPTIONS", value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_OPTIONS"):
        environment.storage(NAME)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("https://localhost", True),
        ("https://127.exemple.fr", False),
        ("https://journal.exemple", False),
    ],
)
def test_mail_without_a_server_is_printed_on_this_machine_alone(url: str, here: bool) -> None:
    assert environment.is_local(url) is here
    assert ("transport" in environment.mailers(NAME, is_public=not here)) is here
