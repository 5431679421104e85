"""«État du site»: in words what is wrong, since when and what to do; then what is well, what was wrong, and the machine.

For whoever has `multitude.view_incident`; at the start page of the desk a line says whether there is something to read.
"""

import platform
import time as machine
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from multitude import VERSION, clock, health
from multitude.health import Diagnosis, Grade
from multitude.labels import duration_label, size_label
from multitude.mail import delivery
from multitude.models import Incident
from multitude.sight import metrics

PERMISSION = "multitude.view_incident"
MOST_PAST = 50


@dataclass(frozen=True)
class Trouble:
    """Something that is not well: what, how bad, and since when, where that is known."""

    found: Diagnosis
    since: datetime | None

    @property
    def is_down(self) -> bool:
        """Whether readers are affected."""
        return self.found.state.grade is Grade.DOWN

    @property
    def lasts(self) -> str:
        """For how long by now, in words; what was not yet written down began within the last half minute."""
        return duration_label(clock.now() - self.since if self.since else timedelta())


@dataclass(frozen=True)
class Past:
    """Something that was not well."""

    label: str
    incident: Incident

    @property
    def lasted(self) -> str:
        """For how long, in words."""
        return duration_label((self.incident.ended_at or clock.now()) - self.incident.began_at)


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show how things stand now."""
    diagnoses = health.states()
    since = dict(Incident.objects.filter(ended_at=None).values_list("probe", "began_at"))
    troubles = [
        Trouble(found, since.get(found.probe.name)) for found in diagnoses if found.state.grade is not Grade.GOOD
    ]
    troubles.sort(key=lambda trouble: -trouble.found.state.grade)
    labels = {found.probe.name: str(found.probe.label) for found in diagnoses}
    past = Incident.objects.exclude(ended_at=None).order_by("-began_at", "-pk")[:MOST_PAST]
    context = {
        **admin.site.each_context(request),
        "title": _("État du site"),
        "verdict": verdict(troubles),
        "troubles": troubles,
        "well": [found for found in diagnoses if found.state.grade is Grade.GOOD],
        "past": [Past(labels.get(incident.probe, incident.probe), incident) for incident in past],
        "facts": list(facts()),
        "now": clock.now(),
    }
    return TemplateResponse(request, "admin/state.html", context, headers={"Cache-Control": "private, no-store"})


def verdict(troubles: list[Trouble]) -> str:
    """Say in one sentence how things stand."""
    down = sum(trouble.is_down for trouble in troubles)
    if down:
        return _("Les lecteurs sont touchés.")
    if troubles:
        number = len(troubles)
        return ngettext("Un point est à regarder.", "%(number)d points sont à regarder.", number) % {"number": number}
    return _("Tout va bien.")


# The machine -----------------------------------------------------------------------------------


def facts() -> Iterator[tuple[str, Any]]:
    """Yield what one needs to know of the machine when something is wrong: what it is, and its value."""
    process = metrics.numbers()["process"]
    yield _("Version"), f"Multitude {VERSION}, Django {django.get_version()}, Python {platform.python_version()}"
    yield _("Système"), f"{platform.system()} {platform.release()}, {platform.node()}"
    yield _("Base de données"), _database()
    yield _("Cache"), _cache()
    yield _("Pages en mémoire"), _pages(process)
    yield _("Courrier"), _mail()
    yield _("Processus web"), settings.WEB_WORKERS
    yield _("Celui-ci tourne depuis"), duration_label(_age(process["start_time_seconds"]))
    yield _("Sa mémoire"), size_label(process["resident_memory_bytes"])
    yield _("Adresse publique"), settings.SITE_URL
    yield _("Serveurs de confiance"), len(settings.TRUSTED_PROXIES) or _("aucun")
    yield _("Données"), settings.DATA_DIR
    yield _("Journal des événements"), f"LOG_FORMAT={settings.LOG_FORMAT}, LOG_REQUESTS={settings.LOG_REQUESTS}"
    host_and_port = settings.METRICS_ADDRESS
    yield _("Mesures"), "{}:{}".format(*host_and_port) if host_and_port else _("fermées (METRICS_ADDRESS)")


def _database() -> str:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        size = sum(file.stat().st_size for file in (path, Path(f"{path}-wal")) if file.exists())
        return f"SQLite {connection.Database.sqlite_version}, {size_label(size)}"  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return f"PostgreSQL {version}, {size_label(size)}"


def _cache() -> str:
    """Return what kind of cache it is: its address may hold a password."""
    backend = str(settings.CACHES["default"]["BACKEND"]).rpartition(".")[2]
    return _("Redis ou Valkey") if backend == "RedisCache" else _("la mémoire de chaque processus")


def _mail() -> str:
    """Return the server that takes the mail, without the account."""
    if not delivery.has_server():
        return _("aucun serveur (EMAIL_URL)")
    options: Any = settings.MAILERS[delivery.TRANSPORT].get("OPTIONS", {})
    return str(options["host"]) if "host" in options else _("affiché dans le journal, pas envoyé (EMAIL_URL)")


def _pages(process: dict[str, float]) -> str:
    if "page_cache_pages" not in process:
        return _("aucune (PAGE_CACHE_MB)")
    number = int(process["page_cache_pages"])
    words = ngettext(
        "%(number)d page, %(size)s sur %(limit)d Mo", "%(number)d pages, %(size)s sur %(limit)d Mo", number
    )
    return words % {
        "number": number,
        "size": size_label(process["page_cache_bytes"]),
        "limit": settings.PAGE_CACHE_MB,
    }


def _age(started: float) -> timedelta:
    """Return how long ago something began by this machine's own clock, as `metrics` noted it."""
    return timedelta(seconds=max(0.0, machine.time() - started))
