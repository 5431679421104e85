"""The legal pages as readers see them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from articles import legal
from articles.models import LegalPage
from multitude.caching import depends_on, public_page

FRESH = 3_600
# What a page is about, for those who find it elsewhere.
DESCRIPTIONS: dict[str, Any] = {
    LegalPage.Name.NOTICE: _("Qui édite Multitude, qui en répond et qui l’héberge."),
    LegalPage.Name.PRIVACY: _("Ce que Multitude garde de ses lecteurs, pourquoi, et combien de temps."),
    LegalPage.Name.ACCESSIBILITY: _("Ce que Multitude fait pour être lu de tous, et ce qui n’a pas été vérifié."),
    LegalPage.Name.CONTACT: _("Écrire à la rédaction de Multitude, signaler un contenu, demander une rectification."),
}


@public_page(fresh=FRESH)
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show the last version of a page."""
    depends_on(request, legal.KEY)
    found = legal.latest(name)
    if found is None:
        raise Http404
    context = {"legal": found, "description": DESCRIPTIONS[name], "text": legal.shown(found)}
    return render(request, "articles/legal.html", context)
