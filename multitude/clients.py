"""Who is at the other end, as far as the network tells: the basis of rates and of counting once.

The client is the rightmost hop of `X-Forwarded-For` that is not one of TRUSTED_PROXIES: what
stands further left, anyone can write. What is kept of it is its network: an IPv4 address, or
the /64 of an IPv6 address, which is what one household is given (RFC 6177).
"""

import functools
import ipaddress
import logging
import re
from collections.abc import Mapping
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

UNKNOWN = "inconnu"
# An IPv4 address as IPv6 writes it (RFC 4291, section 2.5.5.2).
_MAPPED = bytes(10) + b"\xff\xff"
_HOST_OF_64 = bytes(8)
# No way to a reader leads through more proxies of one's own; whoever writes a longer list has it read from its end.
_MOST_HOPS = 32
# An IPv4 address in an IPv6 one, with a link's name, brackets and a port.
_LONGEST = len("[0000:0000:0000:0000:0000:ffff:255.255.255.255%abcdefghijklmno]:65535")
_PORT = re.compile(r"(?<=[\d\].]):\d{1,5}$")


def client_network(environ: Mapping[str, Any]) -> str:
    """Return the network of a request's client, by its WSGI environment: `203.0.113.9`, or `2001:db8:1:2::/64`."""
    prefix = client_prefix(environ)
    if not prefix:
        return UNKNOWN
    if len(prefix) == 4:
        return inet_ntop(AF_INET, prefix)
    return f"{inet_ntop(AF_INET6, prefix + _HOST_OF_64)}/64"


def client_prefix(environ: Mapping[str, Any]) -> bytes:
    """Return the same network in the bytes that name it: four, eight, or none when nobody can tell."""
    address = _client_address(environ)
    return address[:8] if address else b""


def _client_address(environ: Mapping[str, Any]) -> bytes | None:
    """Return the client's address as the network writes it, in four or sixteen bytes."""
    client = _parse(environ.get("REMOTE_ADDR", ""))
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        if forwarded and client is not None and _is_local(client):
            _report_untrusted_proxy()
        return client
    for hop in reversed(forwarded.rsplit(",", _MOST_HOPS)):
        if client is None or not any(client in network for network in proxies) or (next_hop := _parse(hop)) is None:
            break
        client = next_hop
    return client


@functools.lru_cache(maxsize=256)
def is_trusted(peer: str) -> bool:
    """Return whether whoever is at the other end of the connection is one of TRUSTED_PROXIES."""
    address = _parse(peer)
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def is_proxy_unknown() -> bool:
    """Return whether this process saw a proxy in front of it while TRUSTED_PROXIES names none."""
    return _report_untrusted_proxy.cache_info().currsize > 0


@functools.lru_cache(maxsize=256)
def _is_local(address: bytes) -> bool:
    found = ipaddress.ip_address(address)
    return found.is_private or found.is_loopback


def _parse(text: str) -> bytes | None:
    """Read an address with the system's own parser: every reading passes here, in front of Django."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    # Some proxies add the port, and put brackets around an IPv6 address; a link's name means nothing elsewhere.
    address = _packed(text) or _packed(_PORT.sub("", text).strip("[]").split("%")[0])
    return address[12:] if address and address.startswith(_MAPPED) else address


def _packed(text: str) -> bytes | None:
    try:
        return inet_pton(AF_INET6 if ":" in text else AF_INET, text)
    except (OSError, ValueError):
        return None


@functools.cache
def _report_untrusted_proxy() -> None:
    """Say once that every reader looks like the proxy: rates would then hit everyone together."""
    logger.error(
        "Un serveur mandataire transmet X-Forwarded-For, mais TRUSTED_PROXIES n’est pas défini : "
        "tous les lecteurs semblent venir de la même adresse."
    )
