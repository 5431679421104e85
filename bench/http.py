"""Requests as the bytes that travel, and answers as they come back."""

from dataclasses import dataclass
from functools import cached_property

from bench.results import Broken
from multitude.web.server import HOST


@dataclass(frozen=True)
class Answer:
    """One answer: its head and body as received, and how long it took from the first byte sent."""

    head: bytes
    body: bytes
    seconds: float

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head[9:12])

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers by their names in lower case."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines) if name}

    def expect(self, status: int) -> "Answer":
        """Return this answer, or raise Broken when its status is another one."""
        if self.status != status:
            raise Broken(f"réponse {self.status} au lieu de {status} : {self.head[:200]!r}")
        return self


def get(path: str, **headers: str) -> bytes:
    """Return a GET; an underscore in a header's name stands for a hyphen."""
    return _request("GET", path, headers)


def post(path: str, body: bytes = b"", /, **headers: str) -> bytes:
    """Return a form's POST from a page of the site itself."""
    fields = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": str(len(body))}
    return _request("POST", path, {"Sec_Fetch_Site": "same-origin", **fields, **headers}) + body


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
