"""`/sante/`: whether the site can serve its readers, for load balancers and for whoever watches over it.

Answered before Django, from what the probes found at most a second ago: neither a database that hangs nor threads that
all wait for it keep it from answering. It says 503 only when readers are affected; what the newsroom must look at leaves
it at 200. Strangers read the grades of the public probes, and nothing else: no number, no sentence, no version.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from multitude import health, protection
from multitude.health import Diagnosis, Grade

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PATH = "/sante/"
RETRY_AFTER = 5
_STATUS = {200: "200 OK", 503: "503 Service Unavailable"}


class HealthCheck:
    """WSGI middleware that answers `/sante/` itself, whatever the host is called, so that an address does too."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer GET and HEAD of `/sante/`; what else comes goes on."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        environ["multitude.route"] = "health"
        status, body = report()
        headers = [*_headers(status), *protection.without_django(PATH), ("Content-Length", str(len(body)))]
        start_response(_STATUS[status], headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """Answer the same where no layer stands in front of Django, as in development."""
    status, body = report()
    return HttpResponse(body, status=status, headers=dict(_headers(status)))


def report(*, public: bool = True) -> tuple[int, bytes]:
    """Return the status and the JSON; all of it where it is not for the public."""
    diagnoses = health.states(public=public)
    # Whether readers are affected is decided by the public probes, whoever asks.
    grade = health.worst(found for found in diagnoses if found.probe.public)
    answer = {
        "status": _word(grade),
        "checks": {found.probe.name: _word(found.state.grade) if public else _all(found) for found in diagnoses},
    }
    return 503 if grade is Grade.DOWN else 200, json.dumps(answer, ensure_ascii=False).encode()


def _word(grade: Grade) -> str:
    return grade.name.lower()


def _all(found: Diagnosis) -> dict[str, Any]:
    state = found.state
    return {
        "status": _word(state.grade),
        "label": str(found.probe.label),
        "sentence": str(state.sentence),
        "value": state.value,
        "unit": state.unit,
    }


def _headers(status: int) -> list[tuple[str, str]]:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return [*headers, ("Retry-After", str(RETRY_AFTER))] if status == 503 else headers
