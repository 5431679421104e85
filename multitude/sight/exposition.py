"""What Prometheus is told, at an address of its own that the public never reaches (METRICS_ADDRESS).

One of the web processes of a machine listens, and tells the sum of what all of them counted; if it ends, another one
takes its place within a few seconds. `/metrics` is Prometheus' text; `/sante/` is what the public one says, and in
words what is wrong, of every probe.
"""

import errno
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET6
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connections
from django.http.request import split_domain_port
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from multitude import health
from multitude.background import housekeeping
from multitude.health import healthcheck
from multitude.sight import metrics

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# What is counted, by the name under which it is counted: its meaning, and what its label tells.
COUNTERS = {
    "acts": ("What was done, by readers, the newsroom and the machinery.", "act"),
    "page_cache": ("Pages asked of the page cache, by what it did: hit, miss, or stale for an old one.", "state"),
    "database_away": ("Requests answered 503 because the database did not answer.", ""),
    "refused_logins": ("Passwords that were not looked at because too many were tried at once.", ""),
    "refused_places": ("Requests answered 503 because all of a process's places in Django were taken.", ""),
    "log_lines_lost": ("Lines for requests that were not written, because nobody took them.", ""),
}
TRAITS = {
    "start_time_seconds": "When the process began, in seconds since 1970.",
    "resident_memory_bytes": "Memory that the process holds.",
    "page_cache_pages": "Pages in the process's memory.",
    "page_cache_bytes": "Bytes that they take.",
    "publication_lag_seconds": "How long ago the process last learnt what was published, withdrawn or decided elsewhere.",
}
_UNITS = {"s": "seconds", "o": "bytes", "": "things"}


class SiteCollector(Collector):
    """Reads the numbers when they are asked for."""

    def __init__(self) -> None:
        self._reading = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted, what the processes are, how things stand, and what the database says if it does."""
        metrics.save()
        total, living = metrics.saved()
        yield from _requests(total)
        yield from _counters(total)
        yield from _traits(living)
        diagnoses = health.states()
        yield from _health(diagnoses)
        if not _is_down(diagnoses, health.DATABASE) and self._reading.acquire(blocking=False):
            # One at a time, and none while the database hangs: each that waits for it would hold a connection.
            try:
                yield from _gauges()
            finally:
                self._reading.release()


def _requests(total: metrics.Numbers) -> Iterator[Metric]:
    family = HistogramMetricFamily(
        "multitude_request_seconds",
        "How long requests took, by the name of their route and the status of the answer.",
        labels=["route", "status"],
    )
    bounds = [*map(str, metrics.BUCKETS), "+Inf"]
    for route, status, (*numbers, seconds) in sorted(total["requests"]):
        sums = [sum(numbers[: place + 1]) for place in range(len(numbers))]
        family.add_metric([route or "none", status], list(zip(bounds, sums, strict=True)), seconds)
    yield family


def _counters(total: metrics.Numbers) -> Iterator[Metric]:
    for name, (meaning, label) in COUNTERS.items():
        family = CounterMetricFamily(f"multitude_{name}", meaning, labels=[label] if label else [])
        found = {word: number for counted, word, number in total["counts"] if counted == name}
        if not label:
            found = {"": found.get("", 0)}
        for word, number in sorted(found.items()):
            family.add_metric([word] if label else [], number)
        yield family


def _traits(living: dict[str, dict[str, float]]) -> Iterator[Metric]:
    for name, meaning in TRAITS.items():
        family = GaugeMetricFamily(f"multitude_process_{name}", meaning, labels=["process"])
        for pid, traits in living.items():
            if name in traits:
                family.add_metric([pid], traits[name])
        yield family


def _health(diagnoses: list[health.Diagnosis]) -> Iterator[Metric]:
    grades = GaugeMetricFamily(
        "multitude_health", "How things stand: 0 well, 1 somebody must look, 2 readers are affected.", labels=["probe"]
    )
    values = GaugeMetricFamily(
        "multitude_health_value", "What a probe measured, in its unit.", labels=["probe", "unit"]
    )
    for found in diagnoses:
        grades.add_metric([found.probe.name], found.state.grade)
        if found.state.value is not None:
            unit = _UNITS.get(found.state.unit, found.state.unit)
            values.add_metric([found.probe.name, unit], found.state.value)
    yield grades
    yield values


def _gauges() -> Iterator[Metric]:
    for gauge in metrics.gauges():
        value = gauge.read()
        if value is not None:
            yield GaugeMetricFamily(f"multitude_{gauge.name}", gauge.meaning, value=value)


def _is_down(diagnoses: list[health.Diagnosis], name: str) -> bool:
    return any(found.probe.name == name and found.state.grade is health.Grade.DOWN for found in diagnoses)


# Listening -------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    """Answers two addresses to GET; whoever is slow is left."""

    timeout = 5
    server_version = "multitude"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer; the thread ends with the connection, and leaves none to the database."""
        try:
            self._find_answer()
        finally:
            connections.close_all()

    def _find_answer(self) -> None:
        path = self.path.partition("?")[0]
        # Browsers always say whom they mean; a probe that speaks HTTP/1.0 need not.
        if (host := self.headers.get("Host")) is not None and not _is_address(host):
            self._answer(421, "text/plain", b"By address, not by name.\n")
        elif path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest(_registry))
        elif path == healthcheck.PATH:
            status, body = healthcheck.report(public=False)
            self._answer(status, "application/json", body)
        else:
            self._answer(404, "text/plain", b"/metrics, /sante/\n")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(body), "Cache-Control": "no-store"}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: who asks every fifteen seconds is no event."""


def _is_address(host: str) -> bool:
    """Return whether a Host names this machine by an address, as METRICS_ADDRESS does, or as `localhost`.

    To whoever is asked, any other name may be a stranger's that leads here: with it, a page that a colleague opens would read
    all of this (DNS rebinding).
    """
    name = split_domain_port(host)[0].strip("[]")
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost"
    return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say that an answer failed, in the log's own words."""
        logger.exception("Une demande à METRICS_ADDRESS n’a pas reçu de réponse.")


class _Server6(_Server):
    address_family = AF_INET6


_registry = CollectorRegistry()
_registry.register(SiteCollector())
_server: ThreadingHTTPServer | None = None
_told_at = -3_600.0


def listen_if_nobody_does() -> None:
    """Take the address over unless another process of this machine has it."""
    global _server, _told_at
    if _server is not None or settings.METRICS_ADDRESS is None:
        return
    host, port = settings.METRICS_ADDRESS
    try:
        server = (_Server6 if ":" in host else _Server)((host, port), _Handler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE and monotonic() - _told_at > 3_600:
            _told_at = monotonic()
            logger.error("METRICS_ADDRESS : impossible d’écouter sur %s:%s (%s).", host, port, error.strerror)
        return
    _server = server
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def leave() -> None:
    """Give the address free, so that another process may have it."""
    global _server
    if _server is not None:
        _server.shutdown()
        _server.server_close()
        _server = None


def start() -> None:
    """Count for others, and listen, from a thread of the chores."""
    housekeeping.every(metrics.SAVE_SECONDS, metrics.save, thread="metrics")
    housekeeping.every(LOOK_SECONDS, listen_if_nobody_does, thread="metrics")
    housekeeping.at_shutdown(leave)
    housekeeping.at_shutdown(metrics.save)
