"""The terms of the block list as they are written and compared: words, domains, e-mails and networks.

`normal()` reads what somebody typed in the admin; what comes with a comment passes through the same functions.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from comments.models import EMAIL_LENGTH, BlockedTerm
from multitude import folding

Kind = BlockedTerm.Kind

EXACT = '"'
MOST_WORDS = 10
_QUOTED = re.compile(r'["«“„]\s*(.*?)\s*["»”“]')
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_HOST = 253
_BETWEEN_HOSTS = re.compile(r"[^\w.-]+")
# What NFKC leaves of the ideographic full stops, which a browser takes for dots (UTS 46).
_IDEOGRAPHIC_STOP = "。"
# A network wider than that is half a continent's.
_WIDEST = {4: 8, 6: 16}
# Of an IPv6 address a comment keeps the /64 alone (`multitude.clients`).
_NARROWEST_V6 = 64


class Normal(NamedTuple):
    """A term as the list shows it, and the key under which it stands once and is found."""

    value: str
    key: str


def normal(kind: str, typed: str) -> Normal:
    """Return the normal form of a term; raises ValidationError with a sentence for who typed it."""
    term = _NORMAL[Kind(kind)](" ".join(folding.without_unseen(typed).split()))
    if len(term.value) > EMAIL_LENGTH or len(term.key) > EMAIL_LENGTH:
        raise ValidationError(_("Ce terme dépasse 254 caractères."))
    return term


def _word(typed: str) -> Normal:
    quoted = _QUOTED.fullmatch(typed)
    words = folding.words(folding.fold(quoted[1] if quoted else typed))
    if len("".join(words)) < 2:
        raise ValidationError(_("Écrivez un mot d’au moins deux lettres, ou une expression."))
    if len(words) > MOST_WORDS:
        raise ValidationError(_("Une expression a dix mots au plus."))
    if quoted:
        return Normal(f"«\u202f{quoted[1]}\u202f»", f"{EXACT}{' '.join(words)}")
    return Normal(typed, " ".join(map(folding.form, words)))


def _domain(typed: str) -> Normal:
    _scheme, _slashes, rest = typed.rpartition("://")
    name = re.split(r"[/?#\s]", rest)[0].rpartition("@")[2].split(":")[0]
    name = name.lower().removeprefix("*.").removeprefix("www.").strip(".")
    key = host(name)
    if not _HOST.fullmatch(key) or len(key) > _LONGEST_HOST:
        raise ValidationError(_("Écrivez un domaine comme exemple.fr."))
    return Normal(name, key)


def _email(typed: str) -> Normal:
    try:
        validate_email(typed)
    except ValidationError:
        raise ValidationError(_("Écrivez un email comme nom@exemple.fr.")) from None
    return Normal(typed.lower(), email(typed))


def _network(typed: str) -> Normal:
    try:
        network = ipaddress.ip_network(typed.replace(" ", ""), strict=False)
    except ValueError:
        raise ValidationError(_("Écrivez une adresse comme 203.0.113.9, ou un réseau comme 203.0.113.0/24.")) from None
    network = _as_kept(network)
    if network.prefixlen < _WIDEST[network.version]:
        raise ValidationError(_("Ce réseau est trop vaste : il toucherait des lecteurs par millions."))
    return Normal(str(network).removesuffix("/32"), str(network))


_NORMAL: dict[Kind, Callable[[str], Normal]] = {
    Kind.WORD: _word,
    Kind.DOMAIN: _domain,
    Kind.EMAIL: _email,
    Kind.NETWORK: _network,
}


# What comes with a comment -----------------------------------------------------------------------


def host(name: str) -> str:
    """Return a host as the network writes it: lower case, letters beyond ASCII as xn--… (RFC 3490)."""
    name = name.lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name


def hosts(text: str) -> Iterator[str]:
    """Yield whatever in a text may be a host: of its links, of its e-mails, or named without either."""
    text = folding.without_unseen(unicodedata.normalize("NFKC", unquote(text))).replace(_IDEOGRAPHIC_STOP, ".")
    for piece in _BETWEEN_HOSTS.split(text):
        name = piece.strip("._-")
        if "." in name and len(name) <= _LONGEST_HOST:
            yield host(name)


def and_parents(name: str) -> Iterator[str]:
    """Yield a host, then each domain that it belongs to."""
    while name:
        yield name
        name = name.partition(".")[2]


def email_host(address: str) -> str:
    """Return the host of an e-mail."""
    return host(address.rpartition("@")[2])


def email(address: str) -> str:
    """Return an e-mail without what its owner may vary: case, and the tag after a plus sign (RFC 5233)."""
    mailbox = address.rpartition("@")[0].lower()
    return f"{mailbox.partition('+')[0] or mailbox}@{email_host(address)}"


type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network(client_network: str) -> Network | None:
    """Return the network of a comment, or None where nobody could tell."""
    try:
        return ipaddress.ip_network(client_network)
    except ValueError:
        return None


def _as_kept(network: Network) -> Network:
    """Return a network as comments keep theirs: IPv4 that IPv6 wraps as itself, IPv6 no narrower than a household's."""
    if isinstance(network, ipaddress.IPv6Network):
        if network.prefixlen >= 96 and (wrapped := network.network_address.ipv4_mapped):
            return ipaddress.ip_network((wrapped, network.prefixlen - 96), strict=False)
        if network.prefixlen > _NARROWEST_V6:
            return network.supernet(new_prefix=_NARROWEST_V6)
    return network
