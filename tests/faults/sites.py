"""The newspaper itself, by two web processes, as it is served; and readers who write down how long they waited."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.programs import family
from tests.servers import ROOT, environment, free_port
from tests.waiting import until

ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
# The pages that every process has in memory.
KEPT = ("/", ESSAY)
# No answer takes longer, whatever has failed.
PATIENCE = 2.0
READER = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
WORKERS = 2


@dataclass
class Answer:
    """One answer, and the seconds that it took."""

    status: int
    text: str
    headers: dict[str, str]
    seconds: float


class Newspaper:
    """A site that a test may kill, reload and start again, always on the same port."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log"
        self.variables = {
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "WEB_WORKERS": str(WORKERS),
            "TRUSTED_PROXIES": "127.0.0.1",
        } | variables
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it as systemd would; the port may still be taken by what is about to end."""
        if self._process is not None:
            self._process.wait()
        with self.log.open("a") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment(**self.variables),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def started(self) -> "Newspaper":
        """Start it, and return when all of its processes answer."""
        self.start()
        until(lambda: self.answers() or self._fallen(), 60)
        # What a process made before it read its first purges, it drops.
        time.sleep(1)
        self.fill()
        return self

    def answers(self) -> bool:
        """Return whether a page comes."""
        try:
            return self.ask("/classements/lus/").status == 200
        except (OSError, HTTPException):
            return False

    def fill(self) -> None:
        """Have every process make the pages that readers will ask for again."""
        for path in KEPT:
            calm = 0
            while calm < 5:
                answers = together(partial(self._ask_once_more, path), 8)
                calm = calm + 1 if {answer.headers["x-cache"] for answer in answers} == {"hit"} else 0

    def _ask_once_more(self, path: str, _number: int) -> Answer:
        return self.ask(path)

    @property
    def pid(self) -> int:
        """The process that signals are sent to."""
        assert self._process
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return family(self.pid)[1:]

    @property
    def has_ended(self) -> bool:
        """Whether the process that was started is gone."""
        return self._process is None or self._process.poll() is not None

    @property
    def output(self) -> str:
        """All that was printed."""
        return self.log.read_text()

    def stop(self) -> None:
        """End it in good order, and leave nothing of it."""
        if self._process is None:
            return
        members = family(self.pid)
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        finally:
            for member in members:
                if Path(f"/proc/{member}").exists():
                    os.kill(member, signal.SIGKILL)
            self._process = None

    def ask(self, path: str, form: dict[str, str] | None = None, *, method: str = "", **headers: str) -> Answer:
        """Send one request over a connection of its own; raises OSError or HTTPException when nothing comes back."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = None if form is None else urlencode(form)
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.monotonic()
        try:
            connection.request(method or ("GET" if form is None else "POST"), path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        said = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, text, said, time.monotonic() - start)

    def submit(self, body: str, number: int = 1) -> Answer:
        """Send a comment on the essay, from a network of its own."""
        form = {"author_name": f"Lectrice {number}", "author_email": f"l{number}@exemple.fr", "website": ""}
        headers = READER | {"X-Forwarded-For": f"203.0.113.{number}"}
        return self.ask(f"{ESSAY}commentaires/", form | {"body": body}, **headers)

    def beacon(self) -> Answer:
        """Tell that an article is read."""
        headers = READER | {"X-Forwarded-For": f"2001:db8:{secrets.randbits(16):x}:{secrets.randbits(16):x}::1"}
        return self.ask("/vues/3/", method="POST", **headers)

    def shell(self, code: str) -> str:
        """Run a line of Python in a process of its own, and return what it prints."""
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(**self.variables), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def comments(self) -> Counter[str]:
        """Return the texts of all pending comments, each with how often it is there."""
        code = (
            "import json; from comments.models import Comment as C;"
            " print(json.dumps(list(C.objects.pending().values_list('body', flat=True))))"
        )
        return Counter(json.loads(self.shell(code)))

    def _fallen(self) -> bool:
        assert not self.has_ended, self.output
        return False


@contextmanager
def newspaper(folder: Path, **variables: str) -> Iterator[Newspaper]:
    """Serve a newspaper, and leave nothing of it."""
    site = Newspaper(folder, **variables)
    try:
        yield site.started()
    finally:
        site.stop()


def template(folder: Path, **variables: str) -> Path:
    """Write the demo newspaper once, as the first start does, and return its data folder."""
    site = Newspaper(folder, **variables)
    for command in (["migrate", "--verbosity=0"], ["demo", "--if-empty"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(**site.variables),
            check=True,
            capture_output=True,
        )
    return folder / "data"


def copied(data: Path, folder: Path) -> Path:
    """Copy a data folder for a site of a test's own."""
    shutil.copytree(data, folder / "data", dirs_exist_ok=True)
    return folder


def together[T](act: Callable[[int], T], count: int) -> list[T]:
    """Do something so many times at once."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def unseen() -> str:
    """Return an address whose page no process has in memory."""
    return f"/recherche/?q=mot{secrets.token_hex(4)}"


@dataclass
class Seen:
    """What readers were answered while something was out of order."""

    kept: list[Answer] = field(default_factory=list)
    others: list[Answer] = field(default_factory=list)
    comments: list[Answer] = field(default_factory=list)
    beacons: list[Answer] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        """The seconds of the slowest answer of all."""
        return max(answer.seconds for answer in [*self.kept, *self.others, *self.comments, *self.beacons])

    def statuses(self, kind: str) -> set[int]:
        """Return the statuses of one kind of answer."""
        return {answer.status for answer in getattr(self, kind)}


def look(site: Newspaper, seconds: float) -> Seen:
    """Have eight readers ask at once, for so many seconds: for pages in memory, for others, with comments and beacons."""
    seen, until_then = Seen(), time.monotonic() + seconds

    def read(number: int) -> None:
        while time.monotonic() < until_then:
            match number % 4:
                case 0:
                    seen.kept.append(site.ask(KEPT[number // 4]))
                case 1:
                    seen.others.append(site.ask(unseen()))
                case 2:
                    seen.comments.append(site.submit(f"Pendant la panne : {secrets.token_hex(4)}.", number))
                case 3:
                    seen.beacons.append(site.beacon())
            time.sleep(0.02)

    together(read, 8)
    return seen


def is_apology(answer: Answer) -> bool:
    """Return whether an answer is a French 503 that no cache keeps, and says when to come back."""
    return (
        answer.status == 503
        and "no-store" in answer.headers["cache-control"]
        and int(answer.headers["retry-after"]) > 0
        and 'lang="fr"' in answer.text
    )


def keeps_text(answer: Answer) -> bool:
    """Return whether a refused comment came back with its text."""
    return bool(re.search(r"<textarea[^>]*>\s*Pendant la panne : [0-9a-f]+\.", answer.text)) or (
        "revenez à la page précédente, qui l’a gardé" in answer.text
    )
