"""Typed readers of the environment: what `settings.py` calls, and nothing else.

Each reader turns one variable into the value that Django wants, or raises
`ImproperlyConfigured` with a sentence that names the variable and says what it should be.
"""

import ipaddress
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

POSTGRESQL = "multitude.postgresql"
_RATE = re.compile(r"(?P<number>\d{1,6})/(?P<count>\d{1,4})(?P<unit>[smhj])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "j": 86400}


@dataclass(frozen=True, slots=True)
class Network:
    """The IP addresses from the first to the last, as the network writes them: in four bytes, or in sixteen."""

    first: bytes
    last: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the network that a text such as `10.0.0.0/8` names; raises ValueError when it names none."""
        network = ipaddress.ip_network(text, strict=False)
        return cls(network.network_address.packed, network.broadcast_address.packed)

    def __contains__(self, address: bytes) -> bool:
        """Return whether an address of the same kind lies in it."""
        return self.first <= address <= self.last and len(address) == len(self.first)


def flag(name: str) -> bool:
    """Return True for `1`, `true`, `yes`, `on` or `oui`; False when unset, empty or a plain no."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on", "oui"}:
        return True
    if value in {"", "0", "false", "no", "off", "non"}:
        return False
    raise ImproperlyConfigured(f"{name} vaut « {value} » : écrivez 1 ou 0.")


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    """Return the variable as an integer within the bounds, both included."""
    value = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"\d{1,9}", value) or not minimum <= int(value) <= maximum:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : un entier de {minimum} à {maximum} est attendu.")
    return int(value)


def address(name: str, default: str) -> str:
    """Return the variable as an IP address of this machine."""
    value = os.environ.get(name, "").strip() or default
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} vaut « {value} » : une adresse IP de cette machine, comme 10.0.0.2, est attendue."
        ) from error


def choice(name: str, *values: str) -> str:
    """Return the variable, one of the values; the first of them when it is unset or empty."""
    value = os.environ.get(name, "").strip().lower() or values[0]
    if value not in values:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : {' ou '.join(values)} est attendu.")
    return value


def contact(name: str, default: str) -> str:
    """Return an address at which somebody is reached, as a URI: an e-mail address, or one that begins with `https://`."""
    value = os.environ.get(name, "").strip() or default
    if re.fullmatch(r"[^\s@<>:/]+@[^\s@<>:/]+", value):
        return f"mailto:{value}"
    parts = _split(value)
    if parts is None or parts.scheme != "https" or not parts.hostname or re.search(r"\s", value):
        raise ImproperlyConfigured(
            f"{name} vaut « {value} » : une adresse email, ou une page en https://…, est attendue."
        )
    return value


def private_address(name: str) -> tuple[str, int] | None:
    """Return the host and the port of an address of this machine that the internet does not reach; None when unset."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    host, _colon, port = value.rpartition(":")
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        found = None
    is_private = found is not None and (found.is_private or found.is_loopback) and not found.is_unspecified
    if not is_private or not re.fullmatch(r"\d{1,5}", port) or not 1 <= int(port) <= 65_535:
        raise ImproperlyConfigured(
            f"{name} vaut « {value} » : une adresse privée et un port, comme 127.0.0.1:9108, sont attendus."
        )
    return str(found), int(port)


def words(name: str) -> list[str]:
    """Return the variable's words, separated by commas or spaces."""
    return [word for word in re.split(r"[,\s]+", os.environ.get(name, "")) if word]


def networks(name: str) -> list[Network]:
    """Return the variable's IP networks; a single address is a network of one."""
    try:
        return [Network.parse(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} doit être une liste de réseaux, comme 10.0.0.0/8 : {error}.") from error


def site_url(name: str, default: str) -> str:
    """Return an absolute http(s) address without a path or a final slash."""
    value = (os.environ.get(name, "").strip() or default).rstrip("/")
    if not _names_a_server(value):
        raise ImproperlyConfigured(f"{name} vaut « {value} » : une adresse comme https://journal.exemple est attendue.")
    return value


def server_urls(name: str) -> list[str]:
    """Return the variable's absolute http(s) addresses, each once, without a path or a final slash."""
    urls = [word.rstrip("/") for word in words(name)]
    for url in urls:
        if not _names_a_server(url) or "@" in url:
            raise ImproperlyConfigured(
                f"{name} contient « {url} » : des adresses sans chemin, comme http://127.0.0.1:6081, sont attendues."
            )
    return list(dict.fromkeys(urls))


def rate(name: str, default: str) -> tuple[int, int] | None:
    """Return (number, seconds) for a rate such as `5/10m` (units: s, m, h, j), or None for `off`."""
    value = os.environ.get(name, "").strip().lower() or default
    if value == "off":
        return None
    match = _RATE.fullmatch(value)
    if not match or not int(match["number"]) or not int(match["count"]):
        raise ImproperlyConfigured(f"{name} vaut « {value} » : un débit comme 5/10m, ou off, est attendu.")
    return int(match["number"]), int(match["count"]) * _SECONDS[match["unit"]]


def data_dir(name: str, default: Path) -> Path:
    """Return the folder of everything that must survive, created for this account alone and proven writable."""
    folder = Path(os.environ.get(name, "").strip() or default).expanduser().absolute()
    probe = folder / f".ecriture-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} : impossible d’écrire dans « {folder} » ({error.strerror}). "
            f"Donnez à {name} un dossier où ce compte peut écrire."
        ) from error
    return folder


def secret_key(name: str, folder: Path) -> str:
    """Return the variable, or the secret kept in `folder`, made there at the first start.

    Two processes that start together agree: the file appears whole, under its final name, once.
    """
    if value := os.environ.get(name, ""):
        return value
    path = folder / "secret"
    if not path.exists():
        draft = folder / f".secret-{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if value := path.read_text().strip():
        return value
    raise ImproperlyConfigured(f"« {path} » est vide : supprimez ce fichier, un secret neuf sera créé.")


def database(name: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database: SQLite in `folder`, or what the URL names.

    SQLite in WAL mode with immediate transactions and a long timeout loses no write under
    contention; PostgreSQL gets a pool, and limits on how
    long a lock, an idle transaction or a silent network may take (see `limit_statements` too).
    """
    url = os.environ.get(name, "").strip() or f"sqlite:///{folder / 'multitude.sqlite3'}"
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} n’est pas une adresse de base de données : {error}.") from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        for file in (Path(f"{config['NAME']}{suffix}") for suffix in ("", "-wal", "-shm")):
            # os.path takes what cannot be a file's name for a file that is not there, and Path does not.
            if os.path.exists(file) and not os.access(file, os.W_OK):
                raise ImproperlyConfigured(
                    f"{name} : impossible d’écrire dans « {file} », que ce compte doit pouvoir modifier."
                )
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        config["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    elif config["ENGINE"] == "django.db.backends.postgresql":
        # Django's own, which knows when the server is away.
        config["ENGINE"] = POSTGRESQL
        config["OPTIONS"] = dict(config.get("OPTIONS") or {}) | {
            # Beside PATIENCE in multitude.web.congestion, a request is answered within two seconds. A connection that cannot be
            # made is given up soon, so that the next request tries anew: psycopg's pauses would grow to minutes.
            "pool": {"min_size": 1, "max_size": 8, "timeout": 0.75, "reconnect_timeout": 2},
            "connect_timeout": 5,
            # A server that vanished without a word, unplugged or behind a firewall, is given up after ten seconds.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=30s",
        }
    else:
        raise ImproperlyConfigured(
            f"{name} : seules SQLite (sqlite:///…) et PostgreSQL (postgres://…) sont prises en charge."
        )
    return config


def limit_statements(config: dict[str, Any]) -> None:
    """Have no statement take more than 15 seconds in this process: a reader has left by then.

    For web processes alone: a migration, an export or a report may well take longer.
    """
    if config["ENGINE"] == POSTGRESQL:
        config["OPTIONS"]["options"] += " -c statement_timeout=15s"


def cache(name: str) -> dict[str, object]:
    """Return Django's settings of the cache: this process's memory, or the Redis that the URL names."""
    url = os.environ.get(name, "").strip()
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    parts = _split(url)
    if parts is None or parts.scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(
            f"{name} doit être l’adresse d’un Redis ou d’un Valkey, comme redis://127.0.0.1:6379/0."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }


def storage(name: str) -> dict[str, Any]:
    """Return where Django keeps files: on disk, or the class that the variable names, with its options.

    The options are the JSON object in the variable of the same name with `_OPTIONS` behind it.
    """
    backend = os.environ.get(name, "").strip() or "multitude.storage.WholeFiles"
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", backend):
        raise ImproperlyConfigured(
            f"{name} vaut « {backend} » : le chemin d’une classe est attendu, comme storages.backends.s3.S3Storage."
        )
    try:
        options = json.loads(os.environ.get(f"{name}_OPTIONS", "").strip() or "{}")
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ImproperlyConfigured(f'{name}_OPTIONS doit être un objet JSON, comme {{"bucket_name": "journal"}}.')
    return {"BACKEND": backend, "OPTIONS": options}


def is_local(url: str) -> bool:
    """Return whether an address leads to this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mailers(name: str, *, is_public: bool = False) -> dict[str, dict[str, object]]:
    """Return Django's MAILERS: whatever is sent is written into the outbox, and leaves from there by the transport.

    That is the console; none for a public site, whose mail holds links that a log is no place for, and waits; or the server of an `smtp(s)://user:password@host:port` URL. `smtps` speaks TLS from the first byte (port 465); `smtp` upgrades with STARTTLS (port 587)
    unless the URL ends with `?tls=0` (port 25).
    """
    url = os.environ.get(name, "").strip()
    outbox: dict[str, object] = {"BACKEND": "multitude.mail.outbox.Outbox"}
    if not url:
        console: dict[str, object] = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        return {"default": outbox} | ({} if is_public else {"transport": console})
    parts = _split(url)
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} doit être une adresse comme smtp://compte:secret@smtp.exemple:587.")
    implicit = parts.scheme == "smtps"
    starttls = not implicit and parse_qs(parts.query).get("tls", ["1"])[-1] != "0"
    options: dict[str, object] = {
        "host": parts.hostname,
        "port": parts.port or (465 if implicit else 587 if starttls else 25),
        "use_ssl": implicit,
        "use_tls": starttls,
        "timeout": 10,
    }
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return {"default": outbox, "transport": {"BACKEND": "multitude.mail.smtp.Server", "OPTIONS": options}}


def text(name: str, default: str) -> str:
    """Return the variable without the spaces around it, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def _names_a_server(url: str) -> bool:
    """Return whether an address has a scheme of the web and a host, and nothing after its port."""
    parts = _split(url)
    return (
        parts is not None
        and parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not (parts.path or parts.query or parts.fragment)
    )


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address, or None for what is none: an open bracket, a port that is no port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
