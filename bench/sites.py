"""The newspapers that are measured: written by `manage.py demo` in folders and databases of their own."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.results import Broken, Unavailable
from bench.servers import ROOT, environment

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_POSTGRES = "postgres://postgres@127.0.0.1:5432"
_MARKER = "written.json"


@dataclass(frozen=True)
class Site:
    """A newspaper that is written: where it is, and how long the writing took."""

    name: str
    folder: Path
    settings: dict[str, str] = field(repr=False)
    seconds: float

    def manage(self, *words: str) -> None:
        """Run a command of `manage.py` on this site; Broken when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=environment(self.settings),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Broken(f"manage.py {' '.join(words)} (fin : {done.returncode}) : {done.stderr.strip()[-1000:]}")


class Sites:
    """Makes sites, and takes them away at the end unless they are kept."""

    def __init__(self, folder: Path, *, kept: bool, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._kept = kept
        self._say = say
        self._databases: list[str] = []

    def get(self, name: str, *, articles: int, comments: int, database: str = "sqlite") -> Site:
        """Return a site of at least this size, written now or found again where sites are kept.

        Raises Unavailable when PostgreSQL is wanted and does not answer.
        """
        full_name = f"{name}_{database}_{comments}"
        folder, settings = self._place(full_name, database)
        marker = folder / _MARKER
        state = {"articles": articles, "comments": comments, "code": _digest_of_what_writes()}
        if marker.exists() and (found := json.loads(marker.read_text())).items() >= state.items():
            return Site(full_name, folder, settings, found["seconds"])
        self._empty(folder, settings)
        site = Site(full_name, folder, settings, 0.0)
        site.manage("migrate", "--verbosity=0", "--no-input")
        start = perf_counter()
        site.manage("demo", f"--articles={articles}", f"--comments={comments}", "--verbosity=0")
        seconds = perf_counter() - start
        self._say(f"  {articles} articles et {comments} commentaires ({database}) écrits en {seconds:.0f} s")
        if database == "postgresql":
            with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        marker.write_text(json.dumps({**state, "seconds": seconds}))
        return Site(full_name, folder, settings, seconds)

    def bare(self, name: str, *, database: str = "sqlite") -> Site:
        """Return a place for a site, with nothing in it. Raises Unavailable as `get` does."""
        folder, settings = self._place(f"{name}_{database}_vide", database)
        self._empty(folder, settings)
        return Site(folder.name, folder, settings, 0.0)

    def close(self) -> None:
        """Drop the databases, unless the sites are kept; the folder is its owner's to remove."""
        for name in [] if self._kept else self._databases:
            with psycopg.connect(f"{_postgres()}/postgres", autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _place(self, full_name: str, database: str) -> tuple[Path, dict[str, str]]:
        """Return the folder and the settings of a site."""
        folder = self._folder / full_name
        settings = {"DATA_DIR": str(folder), "COMMENT_RATE": "off", "TRUSTED_PROXIES": "127.0.0.1"}
        if database == "postgresql":
            settings["DATABASE_URL"] = f"{_postgres()}/multitude_bench_{full_name}"
        return folder, settings

    def _empty(self, folder: Path, settings: dict[str, str]) -> None:
        """Leave nothing of an earlier site of this name."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if url := settings.get("DATABASE_URL"):
            name = urlsplit(url).path.removeprefix("/")
            try:
                with psycopg.connect(f"{_postgres()}/postgres", autocommit=True, connect_timeout=5) as connection:
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.OperationalError as error:
                raise Unavailable("PostgreSQL ne répond pas à l’adresse de BENCH_POSTGRES") from error
            self._databases.append(name)


def _postgres() -> str:
    """Return the server on which databases may be made, without a name of one."""
    return os.environ.get("BENCH_POSTGRES", "").rstrip("/") or _POSTGRES


def _digest_of_what_writes() -> str:
    """Return a digest of the code that decides what a site holds: a kept site of another code is written anew."""
    files = [path for app in ("multitude", "articles", "comments") for path in sorted((ROOT / app).rglob("*"))]
    written = [path for path in files if path.suffix in {".py", ".json"}]
    wanted = [path for path in written if {"migrations", "demo", "demo.py", "models", "models.py"} & set(path.parts)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()[:16]
