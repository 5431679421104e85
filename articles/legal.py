"""The legal pages: each is a row of versions, of which the last is public; writing one adds the next.

A text names what the newsroom has still to say as `[à compléter : …]`, which stands out on the page and is told at the
desk; and it leaves to the program what the program knows (`multitude.facts`).
"""

import re
from html import unescape

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from articles.models import LegalPage
from articles.rendering import clean_html
from multitude import facts, versions
from multitude.caching import purge
from multitude.health import Grade, State
from multitude.sight import journal
from multitude.transactions import act

# The pages themselves.
KEY = "legal"
# A place that nobody has filled in yet, however it was typed: «[À COMPLETER]» is one too.
_PLACE = re.compile(r"\[\s*(?:à|a\u0300?)\s+compl(?:é|e\u0301?)ter\b[^\[\]]{0,300}\]", re.IGNORECASE)
_OVERTAKEN = _(
    "%(colleague)s a enregistré la version %(number)s le %(time)s, pendant que vous écriviez. Rien n’a changé : "
    "votre texte est gardé ci-dessous. Lisez cette version, puis enregistrez à nouveau pour la remplacer."
)
_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


def in_force() -> QuerySet[LegalPage]:
    """Return the version of each page that readers see."""
    later = LegalPage.objects.filter(name=OuterRef("name"), number__gt=OuterRef("number"))
    return LegalPage.objects.filter(~Exists(later))


def latest(name: str) -> LegalPage | None:
    """Return the version of a page that readers see, or None where there is none."""
    return LegalPage.objects.select_related("author").filter(name=name).order_by("-number").first()


def check_latest(name: str, number: int | None) -> LegalPage | None:
    """Return the last version; raises versions.Superseded unless it has this number, 0 where there is none. None does not ask."""
    last = latest(name)
    versions.check(last, number, _OVERTAKEN)
    return last


@act()
def publish(*, name: str, body: str, author: User | None, replaces: int | None = None) -> LegalPage:
    """Add a version of a page, which readers see from now on, and return it.

    `body` is HTML, cleaned before it is stored. `replaces` is the number of the version that its author had before
    their eyes, 0 for none; None does not ask. Raises versions.Superseded when it is no longer the last one, ValueError for a
    text that cannot be cleaned.
    """
    last = check_latest(name, replaces)
    version = LegalPage(
        name=name,
        number=versions.after(last),
        body=body,
        body_html=render(body),
        author=author,
        published_at=timezone.now(),
    )
    versions.add(version, lambda: latest(name), _OVERTAKEN)
    purge(KEY)
    journal.act("legal.publish", page=name, number=version.number, user=author.pk if author else None)
    return version


def render(body: str) -> str:
    """Return the HTML that is stored: cleaned, typographed, and with the places that are to be filled in marked."""
    html = clean_html(body, illustrated=False)
    start = 0
    pieces: list[str] = []
    for tag in _TAG.finditer(html):
        pieces += _marked(html[start : tag.start()]), tag[0]
        start = tag.end()
    return "".join([*pieces, _marked(html[start:])])


def shown(page: LegalPage) -> SafeString:
    """Return what readers see of a version: what the program knows is filled in as it is now."""
    return mark_safe(facts.fill(page.body_html))  # noqa: S308  cleaned when it was stored


def missing(html: str) -> list[str]:
    """Return the places of a page that are to be filled in, as one reads them, in their order."""
    return [" ".join(place.split()) for place in _PLACE.findall(unescape(_TAG.sub("", html)))]


def examine() -> State:
    """Say for the state of the site which pages the newsroom has still to complete."""
    pages = [page for page in in_force().order_by("name") if missing(page.body_html)]
    if not pages:
        return State(Grade.GOOD, _("Complètes."), 0)
    sentence = _("À compléter au bureau, la loi le demande : %(pages)s. Les lecteurs y voient encore des crochets.")
    return State(
        Grade.WATCH,
        sentence % {"pages": ", ".join(map(str, pages))},
        len(pages),
        link=reverse("admin:articles_legalpage_changelist"),
    )


def _marked(text: str) -> str:
    return _PLACE.sub(lambda place: f"<mark>{place[0]}</mark>", text)
