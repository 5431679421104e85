"""What must not reach the log, whoever writes the line: the last resort behind lines that name things by their keys.

Messages of libraries say what they stumbled over: an address that was refused, a row that broke a constraint, a request's
path with the key of a follow-up page in it. What is told of an exception is its type, where it was raised, and what is
left of its first line.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from socket import AF_INET6, inet_ntop
from traceback import extract_tb

from multitude import clients

_LONGEST = 300
_MOST_FRAMES = 30
_BASE = str(Path(__file__).resolve().parents[2])
# Bounded, so that they are read in linear time whatever they are given.
_EMAIL = re.compile(r"[^\s@<>\"'(),;:«»]{1,64}@[^\s@<>\"'(),;:«»]{1,253}")
# This machine's own names nobody.
_IPV4 = re.compile(r"(?<![\d.])(?!127\.)(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])")
_GROUP = "[0-9a-fA-F]{1,4}"
_IPV6 = re.compile(rf"(?<![\w:])(?:(?:{_GROUP}:){{1,6}}(?::{_GROUP}){{1,6}}|(?:{_GROUP}:){{5,7}}{_GROUP})(?![\w:])")
# A word that no person would write: long, of both cases and figures, as keys and tokens are.
_WORD = re.compile(r"[A-Za-z0-9_-]{20,}")
_SIGNED = re.compile(r"(?<=[A-Za-z0-9_-]):[A-Za-z0-9_-]{5,8}:[A-Za-z0-9_-]{20,}")
_QUERY = re.compile(r"\?[^\s»\"']+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_SHORTEST_TEXT = 40


def redact(text: str) -> str:
    """Return a text without e-mail addresses, whole network addresses, keys, tokens, nor what stands behind a `?`."""
    text = _EMAIL.sub("[email]", text)
    text = _IPV4.sub(r"\1.0", text)
    text = _IPV6.sub("[adresse]", text)
    text = _QUERY.sub("?…", text)
    text = _SIGNED.sub(":…", text)
    return _WORD.sub(lambda word: "…" if _is_key(word[0]) else word[0], text)


def _is_key(word: str) -> bool:
    has_figure = any(letter.isdigit() for letter in word)
    return has_figure and word.lower() != word and word.upper() != word


def said(error: BaseException) -> str:
    """Return the type of an exception, and its first line without what it may quote of a text."""
    try:
        first = str(error).strip().partition("\n")[0][:_LONGEST]
    except Exception:
        first = ""
    first = redact(_QUOTED.sub(lambda quoted: quoted[0] if _is_a_name(quoted[1] or quoted[2] or "") else "…", first))
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _is_a_name(quoted: str) -> bool:
    """Say whether what stands in quotes is a name of the program's own, rather than what somebody typed."""
    return len(quoted) < _SHORTEST_TEXT and re.fullmatch(r"[\w.-]*", quoted, re.ASCII) is not None


def told(error: BaseException) -> str:
    """Return where an exception was raised, and those behind it: places in the code, never values."""
    lines: list[str] = []
    for link in _chain(error):
        frames = extract_tb(link.__traceback__)
        lines.append(said(link))
        lines += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-_MOST_FRAMES:]]
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _short(filename: str) -> str:
    """Return a file as one looks for it: within the project, or within its package."""
    if "site-packages/" in filename:
        return filename.rpartition("site-packages/")[2]
    return filename.removeprefix(_BASE).lstrip("/") if filename.startswith(_BASE) else filename.rpartition("/lib/")[2]


@lru_cache(maxsize=1_024)
def client_label(peer: str, forwarded: str) -> str:
    """Return enough of a client's address to tell one neighbourhood from another: 24 bits of IPv4, 48 of IPv6."""
    prefix = clients.client_prefix({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded})
    if len(prefix) == 4:
        return ".".join(map(str, prefix[:3])) + ".0"
    return inet_ntop(AF_INET6, prefix[:6] + bytes(10)) if prefix else ""
