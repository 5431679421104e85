"""PostgreSQL and Redis of a test's own, in a folder and on a port of their own, which it may stop, freeze and kill."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from tests.installed import find
from tests.servers import free_port
from tests.waiting import until


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    found: list[str] = []
    # It may end while one looks.
    with suppress(FileNotFoundError, ProcessLookupError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in found for member in family(int(child)))]


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account may enter, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory(prefix="multitude-faults-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


class PostgreSQL:
    """A server; `host` is this machine's address, so that what travels is what travels between machines."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self._initdb, self._pg_ctl = find("initdb", "postgresql"), find("pg_ctl", "postgresql")
        # It refuses to run as root.
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []

    def make(self) -> None:
        """Make an empty cluster; its folder may be there already."""
        self.data.mkdir(exist_ok=True)
        if self._as:
            shutil.chown(self.data, "postgres", "postgres")
        self.data.chmod(0o700)
        self._run(
            self._initdb, "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
            file.write("shared_buffers = 32MB\nmax_wal_size = 64MB\nmin_wal_size = 32MB\n")

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._run(self._pg_ctl, "start", "-w", "-s", "-D", str(self.data), "-l", str(self.data / "log"))

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` says good-bye to its clients, `immediate` does not, and leaves work for the next start."""
        self._run(self._pg_ctl, "stop", "-w", "-s", "-D", str(self.data), "-m", how)

    def freeze(self) -> None:
        """Stop the hearts of all its processes; connections stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def awake(self) -> None:
        """Have it run whatever a test has done to it."""
        if self._pid() is None:
            self.start()
        else:
            self.thaw()

    def end(self) -> None:
        """Have nothing left of it."""
        if self._pid() is not None:
            self.thaw()
            self.stop("immediate")

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def ask(self, name: str, statement: str, *values: object) -> list[tuple]:
        """Ask a database something."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            found = connection.execute(statement.encode(), values or None)
            return found.fetchall() if found.description else []

    def create(self, name: str) -> None:
        """Make an empty database."""
        self.ask("postgres", f'CREATE DATABASE "{name}"')

    def copy(self, name: str) -> str:
        """Make a copy of a database that nobody uses, and return its name."""
        copy = f"{name}_{secrets.token_hex(4)}"
        self.ask("postgres", f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        # A copy's sequences believe that the log already holds their next values: it does not, and a crash takes these back.
        self.ask("postgres", "CHECKPOINT")
        return copy

    def take(self, name: str, other: "PostgreSQL") -> None:
        """Make a database that is a copy of another server's."""
        self.create(name)
        dump = subprocess.Popen(["pg_dump", f"--dbname={other.url(name)}"], stdout=subprocess.PIPE)
        subprocess.run(["psql", "--quiet", "--output=/dev/null", self.url(name)], stdin=dump.stdout, check=True)
        assert dump.wait() == 0
        assert dump.stdout
        dump.stdout.close()

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self.ask("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [*self._as, *command], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        assert done.returncode == 0, done.stdout

    def _pid(self) -> int | None:
        file = self.data / "postmaster.pid"
        return int(file.read_text().split()[0]) if file.exists() else None

    def _signal(self, number: int) -> None:
        if (pid := self._pid()) is not None:
            for member in family(pid):
                os.kill(member, number)


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """Run a PostgreSQL server in a folder that all may enter."""
    server = PostgreSQL(folder)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.end()


class RedisServer:
    """A Redis server that keeps nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._program = find("redis-server", "redis-server")
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([self._program, *words], stdout=subprocess.DEVNULL, cwd="/")
        until(self._answers)

    def freeze(self) -> None:
        """Stop its heart; connections stay open."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        """Have nothing left of it."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with Redis(port=self.port, socket_timeout=1) as redis:
                return bool(redis.ping())
        except RedisError:
            return False


@contextmanager
def redis() -> Iterator[RedisServer]:
    """Run a Redis server."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.end()
