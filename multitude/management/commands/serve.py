"""`manage.py serve`: from an empty folder to a newspaper that answers, then granian takes this process over.

With `--no-demo` it serves what is there, and makes nothing: several machines that start together share a database
that somebody else has migrated.
"""

import errno
import os
import signal
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from multitude.management.commands.create_editor import LOGIN, create_editor
from multitude.web import server


class Command(BaseCommand):
    """Migrate, create what a first start needs, and become the production server."""

    help = _("Prépare la base de données, crée le journal de démonstration s'il n'y a rien, et sert le site.")

    # They ask the database what it can do: they wait until it is known to answer.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the option."""
        parser.add_argument(
            "--no-demo",
            action="store_true",
            help=_("sert le journal tel qu'il est : rien n'est migré, aucun compte ni article n'est créé"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in an order in which each failure leaves nothing half done."""
        # Ctrl-C ends the set-up at once and without a word: the open transaction leaves nothing behind.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        check_port(settings.HOST, settings.PORT)
        check_proxy()
        # One connection is enough here, and without a pool a server that is down is known at once.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        try:
            self.check()
            if options["no_demo"]:
                check_migrations()
            else:
                self.announce(prepare())
        except OperationalError as error:
            reason = " ".join(str(error).split())
            raise SystemExit(_("La base de données ne répond pas : %(reason)s") % {"reason": reason}) from error
        connection.close()
        become_server()

    def announce(self, password: str | None) -> None:
        """Say where the site is, and the password if it was made just now: it is stored nowhere else."""
        address = f"http://{settings.HOST}:{settings.PORT}"
        lines = ["", _("Le journal :     %(address)s/") % {"address": address}]
        lines += [_("La rédaction :   %(address)s/admin/") % {"address": address}]
        if settings.SITE_URL != address:
            lines += [_("Vu du public :   %(address)s/") % {"address": settings.SITE_URL}]
        if password:
            lines += [_("Identifiant :    %(login)s") % {"login": LOGIN}]
            lines += [_("Mot de passe :   %(password)s") % {"password": password}]
            lines += ["", _("Notez ce mot de passe : il ne sera plus affiché.")]
        else:
            command = f"{os.path.relpath(sys.executable)} manage.py changepassword {LOGIN}"
            lines += [_("Mot de passe oublié ? %(command)s") % {"command": command}]
        self.stdout.write("\n".join([*lines, _("Ctrl-C arrête le serveur."), ""]))
        self.stdout.flush()


def prepare() -> str | None:
    """Bring the database up to date, and put a newspaper and its editor there if there is none; return the password."""
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        password = create_editor()
        call_command("demo", if_empty=True)
    return password


def check_migrations() -> None:
    """End with one sentence if this version expects more of the database than there is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise SystemExit(_("La base de données n’est pas à jour : lancez d’abord « manage.py migrate »."))


def check_port(host: str, port: int) -> None:
    """End with one sentence if this process could not listen on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                message = _(
                    "Le port %(port)s est déjà pris : choisissez-en un autre, par exemple PORT=%(other)s make run."
                )
            else:
                message = _("Le port %(port)s ne peut pas être ouvert (%(reason)s) : essayez PORT=%(other)s make run.")
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise SystemExit(message % {"port": port, "other": other, "reason": error.strerror}) from error


def check_proxy() -> None:
    """End with one sentence if every page would redirect to itself: TLS needs a proxy that may say so."""
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
        raise SystemExit(
            _(
                "SITE_URL est en https, mais TRUSTED_PROXIES ne nomme pas le serveur TLS placé devant : "
                "chaque page redirigerait vers elle-même. S’il est sur cette machine, ajoutez TRUSTED_PROXIES=127.0.0.1."
            )
        )


def become_server() -> None:
    """Replace this process by granian, so that whoever started us signals and waits for the server itself."""
    for name, value in server.MEMORY.items():
        os.environ.setdefault(name, value)
    options = server.command(
        "multitude.management.commands._worker:application",
        host=settings.HOST,
        port=settings.PORT,
        workers=settings.WEB_WORKERS,
    )
    os.execv(sys.executable, options)  # noqa: S606  no shell is meant
