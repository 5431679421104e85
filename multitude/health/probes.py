"""What the machinery looks at: database, cache, disk, clocks, and what the settings leave open.

Each probe returns a sentence that says what is so and, if it is not well, what to do. What the apps look at, they
register themselves.
"""

import os
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from multitude import clients, environment, health
from multitude import clock as newspaper_clock
from multitude.background import heartbeats, housekeeping, tasks
from multitude.health import Grade, State, writing
from multitude.labels import duration_label, size_label
from multitude.mail import delivery
from multitude.models import Chore, OutgoingMail
from multitude.sight import discretion

# Seconds beyond which a question that costs nothing is answered slowly.
SLOW = 0.5
# A disk is filling up when less than a tenth of it is free, or less than five gigabytes of a large one.
LITTLE_SHARE = 0.1
LITTLE_BYTES = 5 * 10**9
# It is full when a database could no longer write its journal.
FULL_SHARE = 0.02
FULL_BYTES = 50 * 10**6
# Two machines whose clocks are kept right differ by less; a log of claims is a little ahead of who reads it.
CLOCK_SECONDS = 2.0
CHORE_SECONDS = 60.0
# A worker is seen every ten seconds; the timer comes by every minute or so.
WORKER_SECONDS = 60.0
TIMER_SECONDS = 900.0
# All pictures of a long day take less.
TASK_SECONDS = 900.0
# A mail that was refused once is tried again well before.
MAIL_SECONDS = 900.0


def register() -> None:
    """Hand them in; the database comes first."""
    names = health.register
    names(health.DATABASE, gettext_lazy("base de données"), database, public=True, unanswered=Grade.DOWN)
    names("cache", gettext_lazy("cache"), shared_cache, public=True, lane="cache")
    names("disk", gettext_lazy("disque"), disk, public=True, lane="disk")
    names("worker", gettext_lazy("travaux de fond"), worker, public=True)
    names("mail", gettext_lazy("courrier"), mail, public=True)
    names("chores", gettext_lazy("travaux périodiques"), chores)
    names("clock", gettext_lazy("horloge"), clock)
    names("proxies", gettext_lazy("serveurs placés devant"), proxies, lane="settings")
    names("address", gettext_lazy("adresse publique"), address, lane="settings")
    names("debug", gettext_lazy("mode de développement"), debug, lane="settings")


def database() -> State:
    """Say whether the database answers, may be written to, and how fast it is."""
    began = perf_counter()
    try:
        is_writable, failure = _is_writable(), writing.failure()
    except (DatabaseError, InterfaceError) as error:
        return State(
            Grade.DOWN,
            _(
                "Ne répond pas (%(error)s) : seules les pages gardées en mémoire sont servies, et aucun commentaire "
                "n’est reçu. Vérifiez que le serveur tourne, et DATABASE_URL."
            )
            % {"error": discretion.said(error)},
        )
    seconds = perf_counter() - began
    if not is_writable or failure:
        sentence = _(
            "Se lit mais ne s’écrit pas%(failure)s : aucun commentaire n’est reçu. Vérifiez la place sur son disque, ses "
            "droits, et si c’est une copie."
        )
        return State(Grade.DOWN, sentence % {"failure": f" ({failure})" if failure else ""}, seconds, "s")
    if seconds > SLOW:
        sentence = _("Répond lentement (%(seconds)s s). Regardez ce qui l’occupe.")
        return State(Grade.WATCH, sentence % {"seconds": number_format(seconds, 1)}, seconds, "s")
    milliseconds = number_format(max(0.1, seconds * 1000), 1)
    return State(Grade.GOOD, _("Répond en %(milliseconds)s ms.") % {"milliseconds": milliseconds}, seconds, "s")


def _is_writable() -> bool:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            cursor.fetchone()
        # A file that is deleted is still read, and written to, by whoever has it open: all is lost later.
        path = Path(connection.settings_dict["NAME"])
        return not path.is_absolute() or os.access(path, os.W_OK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only')")
        return bool(cursor.fetchone()[0] == "off")


def shared_cache() -> State:
    """Say whether the cache keeps what it is given; the site works without."""
    if not settings.CACHES["default"].get("LOCATION"):
        return State(Grade.GOOD, _("La mémoire de chaque processus, sans serveur."))
    began = perf_counter()
    try:
        cache.set("multitude.health", 1, 60)
    except Exception as error:  # a library's own errors, or the network's
        return State(
            Grade.WATCH,
            _(
                "Ne répond pas (%(error)s) : tout fonctionne, mais une lecture répétée peut compter plusieurs fois. "
                "Vérifiez que Redis ou Valkey tourne, et CACHE_URL."
            )
            % {"error": type(error).__name__},
        )
    seconds = perf_counter() - began
    milliseconds = number_format(max(0.1, seconds * 1000), 1)
    return State(Grade.GOOD, _("Répond en %(milliseconds)s ms.") % {"milliseconds": milliseconds}, seconds, "s")


def disk() -> State:
    """Say how things stand on the worse of the disks on which the database and the media lie, or where there is least room."""
    of_database = _disk(_database_folder()) if connection.vendor == "sqlite" else None
    found = [
        # Readers can do without new pictures.
        _judged(folder, Grade.DOWN if _disk(folder) == of_database else Grade.WATCH)
        for folder in _folders()
        if folder.exists()
    ]
    return max(found, key=lambda state: (state.grade, -(state.value or 0)))


def _judged(folder: Path, worst: Grade) -> State:
    measure = os.statvfs(folder)
    free, size = measure.f_bavail * measure.f_frsize, max(1, measure.f_blocks * measure.f_frsize)
    words = {"free": size_label(free), "size": size_label(size), "folder": folder}
    if measure.f_flag & os.ST_RDONLY:
        sentence = _("Ne s’écrit plus (%(folder)s) : le système l’a mis en lecture seule. Lisez son journal (dmesg).")
        return State(worst, sentence % words, free, "o")
    if measure.f_files and not measure.f_favail:
        sentence = _("Ne peut plus recevoir de fichier (%(folder)s), faute d’inodes. Supprimez de petits fichiers.")
        return State(worst, sentence % words, free, "o")
    if free < min(FULL_BYTES, size * FULL_SHARE):
        sentence = _("Plein (%(folder)s) : %(free)s libres sur %(size)s. Libérez de la place maintenant.")
        return State(worst, sentence % words, free, "o")
    if free < min(LITTLE_BYTES, size * LITTLE_SHARE):
        sentence = _("Se remplit (%(folder)s) : %(free)s libres sur %(size)s. Libérez de la place, ou agrandissez-le.")
        return State(Grade.WATCH, sentence % words, free, "o")
    return State(Grade.GOOD, _("%(free)s libres sur %(size)s.") % words, free, "o")


def _folders() -> set[Path]:
    folders = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)}
    if connection.vendor == "sqlite":
        folders.add(_database_folder())
    return folders


def _database_folder() -> Path:
    return Path(connection.settings_dict["NAME"]).parent


def _disk(folder: Path) -> int:
    """Return the number of the disk on which a folder lies."""
    return folder.stat().st_dev


def worker() -> State:
    """Say whether somebody does what is done beside answering."""
    if settings.BACKGROUND == housekeeping.BY_WEB:
        return State(Grade.GOOD, _("Les processus web s’en chargent."))
    seen = {role: heartbeats.last_seen(role) for role in heartbeats.Role}
    now = newspaper_clock.now()
    ages = {role: (now - at).total_seconds() if at else None for role, at in seen.items()}
    age = ages[heartbeats.Role.WORKER]
    if age is None or age > WORKER_SECONDS:
        sentence = _(
            "Aucun processus de fond ne vit : les mails et les images attendent. Relancez-le : systemctl restart multitude-worker, ou manage.py db_worker."
        )
        return State(Grade.WATCH, sentence, age, "s")
    if (timer := ages[heartbeats.Role.TIMER]) is None or timer > TIMER_SECONDS:
        sentence = _(
            "La minuterie ne passe plus : rien n’est rangé, ni mis à jour à son heure. Relancez manage.py chores."
        )
        return State(Grade.WATCH, sentence, timer, "s")
    # It shows that it lives whatever it has in hand.
    oldest = tasks.oldest_waiting()
    if oldest is not None and (waited := (now - oldest).total_seconds()) > TASK_SECONDS:
        sentence = _(
            "Une tâche attend depuis %(duration)s : le processus de fond est occupé, ou bloqué. Lisez son journal."
        )
        return State(Grade.WATCH, sentence % {"duration": duration_label(timedelta(seconds=waited))}, waited, "s")
    return State(Grade.GOOD, _("Vu il y a %(seconds)d s.") % {"seconds": age}, age, "s")


def chores() -> State:
    """Say what of all that is done now and then failed when it was last tried, whoever does it."""
    failing = housekeeping.failing()
    if not failing:
        return State(Grade.GOOD, _("Aucun n’a échoué."))
    sentence = _("En échec : %(chores)s. Ils sont réessayés sans fin ; le journal dit où cela échoue.")
    told = ", ".join(f"{label} ({reason})" for label, reason in failing)
    return State(Grade.WATCH, sentence % {"chores": told}, len(failing))


def mail() -> State:
    """Say whether mail leaves: how long the oldest waits, and what is parked until somebody looks."""
    oldest = delivery.oldest_due()
    age = 0.0 if oldest is None else max(0.0, (newspaper_clock.now() - oldest).total_seconds())
    if not delivery.has_server():
        sentence = _(
            "EMAIL_URL ne nomme aucun serveur d’envoi : les mails attendent. Donnez-lui l’adresse d’un serveur."
        )
        return State(Grade.WATCH, sentence, age, "s")
    if age > MAIL_SECONDS:
        sentence = _("Le plus ancien mail attend depuis %(duration)s. Vérifiez le serveur d’envoi, et EMAIL_URL.")
        words = {"duration": duration_label(timedelta(seconds=age))}
        return State(Grade.WATCH, sentence % words, age, "s", link=_mails("waiting"))
    if parked := OutgoingMail.objects.filter(status=OutgoingMail.Status.PARKED).count():
        sentence = ngettext(
            "Un mail est bloqué : relancez-le, ou abandonnez-le, au bureau.",
            "%(number)d mails sont bloqués : relancez-les, ou abandonnez-les, au bureau.",
            parked,
        )
        return State(Grade.WATCH, sentence % {"number": parked}, age, "s", link=_mails("parked"))
    return State(Grade.GOOD, _("Rien n’attend.") if oldest is None else _("Part normalement."), age, "s")


def _mails(status: str) -> str:
    return reverse("admin:multitude_outgoingmail_changelist", query={"status": status})


def clock() -> State:
    """Say whether this machine's clock and the database's agree, and whether ours went back."""
    ahead = _database_ahead()
    last = Chore.objects.aggregate(last=Max("claimed_at"))["last"]
    if last is not None and (back := (last - newspaper_clock.now()).total_seconds()) > CHORE_SECONDS:
        sentence = _(
            "L’horloge qui fait foi retarde de %(seconds)d s au moins sur ce qui est déjà noté : un article programmé paraîtrait "
            "en retard. Réglez celle de la machine où est la base, et vérifiez qu’elle suit un serveur de temps."
        )
        return State(Grade.WATCH, sentence % {"seconds": back}, back, "s")
    if abs(ahead) > CLOCK_SECONDS:
        sentence = _(
            "L’horloge de cette machine et celle de la base diffèrent de %(seconds)d s : celle de la base fait foi. "
            "Réglez-les sur un serveur de temps."
        )
        return State(Grade.WATCH, sentence % {"seconds": abs(ahead)}, ahead, "s")
    return State(Grade.GOOD, _("À l’heure."), ahead, "s")


def _database_ahead() -> float:
    """Return by how many seconds the database's clock is ahead of ours; SQLite has none of its own."""
    if connection.vendor == "sqlite":
        return 0.0
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    return float((theirs - (before + (timezone.now() - before) / 2)).total_seconds())


def proxies() -> State:
    """Say whether whoever stands in front is named, else every reader seems to be it; or that nobody stands there.

    What then becomes of senders that never end, `multitude.web.bodies` tells.
    """
    if clients.is_proxy_unknown():
        return State(
            Grade.WATCH,
            _(
                "Un serveur mandataire transmet X-Forwarded-For, mais TRUSTED_PROXIES ne le nomme pas : tous les lecteurs "
                "semblent venir de la même adresse et se partagent une seule limite. Donnez-lui son réseau, comme 127.0.0.1."
            ),
        )
    if settings.TRUSTED_PROXIES:
        return State(Grade.GOOD, _("TRUSTED_PROXIES les nomme."))
    if not (settings.DEBUG or ip_address(settings.HOST).is_loopback):
        sentence = _(
            "HOST vaut %(host)s et TRUSTED_PROXIES ne nomme aucun serveur devant : si nginx n’y est pas, deux envois qui ne "
            "finissent jamais font refuser tous les autres. Placez nginx devant, et donnez son adresse à TRUSTED_PROXIES."
        )
        return State(Grade.WATCH, sentence % {"host": settings.HOST})
    return State(Grade.GOOD, _("Aucun n’a été vu."))


def address() -> State:
    """Say whether readers come over TLS, unless the site is for this machine alone."""
    if settings.SITE_URL.startswith("https://") or environment.is_local(settings.SITE_URL):
        return State(Grade.GOOD, settings.SITE_URL)
    sentence = _(
        "%(url)s n’est pas en https : mots de passe et adresses voyagent en clair. Placez un serveur TLS devant."
    )
    return State(Grade.WATCH, sentence % {"url": settings.SITE_URL})


def debug() -> State:
    """Say whether errors show the code and the settings to whoever meets one."""
    if settings.DEBUG:
        sentence = _("Allumé : une page d’erreur montre le code et les réglages à qui la rencontre. Retirez DEBUG.")
        return State(Grade.WATCH, sentence)
    return State(Grade.GOOD, _("Éteint."))
