"""System checks: a wrong or dangerous set-up says so at start-up, with a hint.

A variable that cannot be read at all is refused earlier, by `multitude.environment`.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks


@checks.register()
def allowed_hosts_name_the_site(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001: the host of SITE_URL must be one that the site answers to."""
    from django.http.request import validate_host

    host = urlsplit(settings.SITE_URL).hostname or ""
    if settings.DEBUG or validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS):
        return []
    return [
        checks.Error(
            f"SITE_URL désigne « {host} », que ALLOWED_HOSTS n’accepte pas.",
            hint="Ajoutez cet hôte à ALLOWED_HOSTS, ou corrigez SITE_URL.",
            id="multitude.E001",
        )
    ]


@checks.register()
def several_workers_share_a_cache(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W002: with several processes, repeated readings are recognised only through a shared cache."""
    local = str(settings.CACHES["default"]["BACKEND"]).endswith("LocMemCache")
    if settings.WEB_WORKERS == 1 or not local:
        return []
    return [
        checks.Warning(
            "Plusieurs processus web, mais chacun garde sa mémoire : une lecture répétée peut compter plusieurs fois.",
            hint="Donnez à CACHE_URL l’adresse d’un Redis, ou laissez WEB_WORKERS à 1.",
            id="multitude.W002",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def site_is_served_over_https(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W003: on the internet, a site that takes passwords and e-mail addresses needs TLS."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            "SITE_URL n’est pas en https : mots de passe et adresses voyageraient en clair.",
            hint="Placez le site derrière un serveur TLS et donnez SITE_URL=https://…",
            id="multitude.W003",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def mail_has_a_server(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """W004: without a server no mail leaves, that of a forgotten password included."""
    options: Any = settings.MAILERS.get("transport", {}).get("OPTIONS", {})
    if "host" in options:
        return []
    return [
        checks.Warning(
            "EMAIL_URL ne nomme aucun serveur d’envoi : aucun mail ne partirait.",
            hint="Donnez-lui l’adresse d’un serveur, comme smtp://compte:secret@smtp.exemple:587.",
            id="multitude.W004",
        )
    ]
