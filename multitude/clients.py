"""Who is at the other end, as far as the network tells: the basis of rates and of counting once.

The client is the rightmost hop of `X-Forwarded-For` that is not one of TRUSTED_PROXIES: what
stands further left, anyone can write. What is kept of it is its network: an IPv4 address, or
the /64 of an IPv6 address, which is what one household is given (RFC 6177).
"""

import functools
import ipaddress
import logging
import socket
from collections.abc import Mapping
from typing import Any

from django.conf import settings

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

logger = logging.getLogger(__name__)

UNKNOWN = "inconnu"


def client_network(environ: Mapping[str, Any]) -> str:
    """Return the network of a request's client, by its WSGI environment: `203.0.113.9`, or `2001:db8:1:2::/64`."""
    address = _client_address(environ)
    if address is None:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _client_address(environ: Mapping[str, Any]) -> Address | None:
    peer = _parse(environ.get("REMOTE_ADDR", ""))
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    if not settings.TRUSTED_PROXIES:
        if forwarded and peer is not None and (peer.is_private or peer.is_loopback):
            _report_untrusted_proxy()
        return peer
    client = peer
    for hop in reversed(forwarded.split(",")):
        if client is None or not _is_trusted(client) or (next_hop := _parse(hop)) is None:
            break
        client = next_hop
    return client


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parse(text: str) -> Address | None:
    text = text.strip().strip("[]").split("%")[0]
    try:
        # The system's own parser, since every reading beacon passes here, in front of Django.
        address = ipaddress.ip_address(socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text))
    except (OSError, ValueError):
        return None
    return getattr(address, "ipv4_mapped", None) or address


@functools.cache
def _report_untrusted_proxy() -> None:
    """Say once that every reader looks like the proxy: rates would then hit everyone together."""
    logger.error(
        "Un serveur mandataire transmet X-Forwarded-For, mais TRUSTED_PROXIES n’est pas défini : "
        "tous les lecteurs semblent venir de la même adresse."
    )
