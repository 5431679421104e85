"""The readers whom the load plays: what their browsers send, each from a network of its own."""

import random
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

from bench.http import get, post

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_chance = random.SystemRandom()


def addresses() -> Iterator[str]:
    """Yield addresses in different networks, IPv4 and IPv6 in turn, none twice; two runs hardly ever meet."""
    for number in count(_chance.getrandbits(32)):
        if number % 2:
            yield f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::"
        else:
            yield f"10.{number >> 17 & 255}.{number >> 9 & 255}.{number >> 1 & 255}"


def page(path: str, encoding: str = "gzip, deflate, br", **headers: str) -> bytes:
    """Return a browser's request of a page."""
    return get(path, User_Agent=BROWSER, Accept_Encoding=encoding, **headers)


def beacon(article: int, address: str, agent: str = BROWSER, **headers: str) -> bytes:
    """Return the beacon that a page sends when it is read."""
    return post(f"/vues/{article}/", User_Agent=agent, X_Forwarded_For=address, **headers)


def comment(path: str, address: str) -> bytes:
    """Return a comment on the article at the path, unlike any other."""
    body = form(address).encode()
    return post(f"{path}commentaires/", body, User_Agent=BROWSER, X_Forwarded_For=address)


def form(address: str) -> str:
    """Return the fields of a comment unlike any other, as a form sends them."""
    words = f"Un avis venu de {address}, que je crois utile d’ajouter : {_chance.getrandbits(64):x}."
    fields = {
        "author_name": f"Lectrice {_chance.randint(1, 999)}",
        "author_email": email(address),
        "body": f"{words}\n\n{words}",
        "parent": "",
        "website": "",
    }
    return urlencode(fields)


def email(address: str) -> str:
    """Return the e-mail of the reader at an address."""
    return f"lectrice-{address.replace(':', '-')}@exemple.fr"
