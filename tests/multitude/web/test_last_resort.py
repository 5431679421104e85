"""What fails where Django does not see it is answered by a page all the same, and told in one line."""

import json
import logging
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import pytest

from multitude.background import housekeeping
from multitude.sight.loglines import Json

pytestmark = pytest.mark.any_database


def failing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Begin an answer, and fail."""
    start_response("200 OK", [("X-Debut", "oui")])
    raise TypeError("'<' not supported\nbetween lines")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_fault_outside_django_has_its_page_its_headers_and_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    wsgi = import_module("multitude.wsgi")
    monkeypatch.setattr(housekeeping, "start", lambda: None)
    monkeypatch.setattr(wsgi, "answer", failing)
    told: list[tuple[str, dict[str, str]]] = []
    body = b"".join(
        wsgi.application({"REQUEST_METHOD": method}, lambda status, headers: told.append((status, dict(headers))))
    )
    status, headers = told[-1]
    assert status == "500 Internal Server Error"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert "X-Request-ID" in headers
    assert "X-Debut" not in headers
    assert ("Une erreur est survenue" in body.decode()) is (method == "GET")
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    line = Json().format(record)
    assert "\n" not in line
    assert json.loads(line)["exception"].startswith("TypeError")
