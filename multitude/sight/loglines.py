"""What a line of the log looks like: one JSON object, or words for a terminal. LOG_FORMAT says which.

Lines for requests are many, and written by a thread of their own, several at a time, so that no request waits for them;
a process that is killed may take the last fifth of a second of them along. All other lines are written at once.
"""

import json
import logging
import re
import sys
import threading
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from time import gmtime, localtime, monotonic, strftime, time
from typing import Any

from multitude.sight import journal
from multitude.sight.discretion import client_label, redact, said, told

# Lines are handed over in pieces: each time this thread waits for its turn among those that answer. Linux takes what is smaller
# than a pipe's room in one go as a rule, so that lines of several processes stay whole.
_PIECE = 32_768
_PAUSE = 0.2
_MOST_WAITING = 50_000
# Of whom a proxy speaks for, the last hops count.
FORWARDED = 256
# What would end a line or speak to the terminal that shows it, in whatever was typed or sent.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


class Json(logging.Formatter):
    """One JSON object a line: `time`, `level`, `event`, and what belongs to the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an act, or of what a module had to say."""
        line: dict[str, Any] = {"time": _instant(record.created), "level": record.levelname.lower()}
        if act := getattr(record, "act", None):
            line |= {"event": act, **_facts(record)}
        else:
            line |= {"event": "log", "logger": record.name, "message": _message(record)}
        if request_id := _request_id(record):
            line.setdefault("request", request_id)
        if error := _error(record):
            line |= {"exception": said(error), "traceback": told(error)}
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(line, ensure_ascii=False, default=str))


class Line(logging.Formatter):
    """Words for a terminal, as discreet as the JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and those of a traceback."""
        if act := getattr(record, "act", None):
            words = [act, *(f"{name}={value}" for name, value in _facts(record).items())]
        else:
            words = [record.name, _message(record)]
        lines = [" ".join([strftime("%H:%M:%S", localtime(record.created)), record.levelname, *words])]
        if error := _error(record):
            lines += told(error).split("\n")
        return "\n".join(_UNSEEN.sub("\ufffd", line) for line in lines)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = getattr(record, "facts", {})
    return {
        name: redact(value) if isinstance(value, str) else value for name, value in facts.items() if value is not None
    }


def _request_id(record: logging.LogRecord) -> str:
    return str(getattr(record, "request_id", "") or journal.request_id())


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None and record.name.startswith("django."):
        # Django names the path, which may hold a key; the view says as much.
        match = getattr(request, "resolver_match", None)
        return f"{record.name}: {getattr(record, 'status_code', '')} {match.view_name if match else ''}".strip()
    try:
        return redact(record.getMessage())
    except Exception:
        return redact(str(record.msg))


def _error(record: logging.LogRecord) -> BaseException | None:
    # What is suspicious about a request is the sender's fault, and found at one place only.
    if record.name.startswith("django.security"):
        return None
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# Requests --------------------------------------------------------------------------------------


# What is known of a request that was answered: when it was, its name, method, route, path (empty unless it is that of a
# public page), status line, how many seconds it took, what the page cache did, the peer and whom it speaks for.
type Request = tuple[float, journal.RequestName, str, str, str, str, float, str, str, str]

# What is known of a page that was served from memory: when, on the clock that never goes back, the page's words, the
# method, the peer and whom it speaks for.
type Hit = tuple[float, str, str, str, str]

_CACHED = {state: f'"cache":"{state}",' for state in ("hit", "miss", "stale")}


def json_line(request: Request) -> str:
    """Return the line of a request; it is put together by hand, as a site that is read writes thousands a second."""
    ended, name, method, route, path, status, seconds, cache, peer, forwarded = request
    second = int(ended)
    return (
        f'{{"time":"{_second(second)}.{int((ended - second) * 1000):03d}Z","level":"info","event":"request",'
        f'"request":"{journal.written(name)}","method":"{method if method in _METHODS else "OTHER"}",'
        f'{page_words(route, path, status)}"ms":{seconds * 1000:.2f},{_CACHED.get(cache, "")}'
        f'"client":"{client_label(peer, forwarded)}"}}\n'
    )


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))


@lru_cache(maxsize=1_024)
def page_words(route: str, path: str, status: str) -> str:
    """Return what a line says of the page that was answered, which may be said of it often; no path but of what is there."""
    words: dict[str, Any] = {"route": route}
    if path and status < "4":
        words["path"] = _readable(path)
    words["status"] = int(status[:3])
    return "".join(f'"{name}":{json.dumps(value, ensure_ascii=False)},' for name, value in words.items())


def word_line(request: Request) -> str:
    """Return the same for a terminal."""
    ended, name, method, route, path, status, seconds, cache, peer, forwarded = request
    words = [
        strftime("%H:%M:%S", localtime(ended)),
        status[:3],
        method if method in _METHODS else "OTHER",
        _readable(path) or route or "-",
        f"{seconds * 1000:.1f} ms",
        cache,
        client_label(peer, forwarded),
        journal.written(name),
    ]
    return " ".join(filter(None, words)) + "\n"


def json_hit_line(hit: Hit, offset: float) -> str:
    """Return the line of a page from memory; it was not measured. `offset` leads from its clock to seconds since 1970."""
    at, words, method, peer, forwarded = hit
    at += offset
    second = int(at)
    return (
        f'{{"time":"{_second(second)}.{int((at - second) * 1000):03d}Z","level":"info","event":"request",'
        f'"request":"{journal.next_name()}","method":"{method}",{words}"cache":"hit",'
        f'"client":"{client_label(peer, forwarded[-FORWARDED:])}"}}\n'
    )


def word_hit_line(hit: Hit, offset: float) -> str:
    """Return the same for a terminal."""
    at, words, method, peer, forwarded = hit
    page = json.loads(f"{{{words.rstrip(',')}}}")
    where = page.get("path") or page["route"]
    told = [strftime("%H:%M:%S", localtime(at + offset)), str(page["status"]), method, where, "hit"]
    return " ".join([*told, client_label(peer, forwarded[-FORWARDED:]), journal.next_name()]) + "\n"


def _readable(path: str) -> str:
    """Return a path as it was meant: WSGI gives its bytes as if they were Latin-1 (PEP 3333)."""
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


class Writer:
    """Writes the lines of requests, from a thread that it starts with the first."""

    def __init__(self, *, as_json: bool) -> None:
        self._line_of = json_line if as_json else word_line
        self._hit_line = json_hit_line if as_json else word_hit_line
        self._waiting: deque[Request] = deque(maxlen=_MOST_WAITING)
        self._hits: deque[Hit] = deque(maxlen=_MOST_WAITING)
        self.lost = 0
        """How many lines were not written: the oldest of too many that waited, and those that nobody took."""
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, request: Request) -> None:
        """Take what is known of a request, to be written soon."""
        self.lost += len(self._waiting) == _MOST_WAITING
        self._waiting.append(request)

    def put_hit(self, hit: Hit) -> None:
        """Take what is known of a page from memory, to be written soon."""
        self.lost += len(self._hits) == _MOST_WAITING
        self._hits.append(hit)

    def counted(self) -> dict[tuple[str, str], int]:
        """Return what `metrics` tells of it."""
        return {("log_lines_lost", ""): self.lost}

    def start(self) -> None:
        """Write from now on; a forked process has none of its parent's threads, and calls this again."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="request-log", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Write what waits."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(timeout=1)
        self.write_all()

    def write_all(self) -> None:
        """Write what waits, in pieces that other processes' lines do not get into."""
        size = 0
        piece: list[str] = []
        for line in self.lines():
            if size + len(line) > _PIECE and piece:
                self._write(piece)
                piece, size = [], 0
            piece.append(line)
            size += len(line)
        if piece:
            self._write(piece)

    def lines(self) -> Iterator[str]:
        """Take what waits, and yield the line of each."""
        waiting, hits = self._waiting, self._hits
        while waiting:
            yield self._line_of(waiting.popleft())
        offset = time() - monotonic()
        while hits:
            yield self._hit_line(hits.popleft(), offset)

    def _work(self) -> None:
        while not self._ending.wait(_PAUSE):
            self.write_all()

    def _write(self, lines: list[str]) -> None:
        try:
            sys.stderr.write("".join(lines))
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody listens any more: the site goes on.
            self.lost += len(lines)
