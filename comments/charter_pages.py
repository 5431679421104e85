"""The pages of the charter: the version in force, and those before it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from comments import charter
from comments.models import Charter
from multitude.caching import depends_on, public_page

FRESH = 3_600


@public_page(fresh=FRESH)
def current(request: HttpRequest) -> HttpResponse:
    """Show the version in force."""
    return _page(request, None)


@public_page(fresh=FRESH)
def version(request: HttpRequest, number: str) -> HttpResponse:
    """Show one version, and what replaced it."""
    return _page(request, int(number))


def _page(request: HttpRequest, number: int | None) -> HttpResponse:
    depends_on(request, charter.KEY)
    versions = list(Charter.objects.defer("body", "body_html"))
    places = [place for place, each in enumerate(versions) if number in {None, each.number}]
    if not places:
        raise Http404
    place = places[0]
    context = {
        "charter": versions[place],
        "in_force": versions[0],
        "replaced_by": versions[place - 1] if place else None,
        "others": versions[:place] + versions[place + 1 :],
    }
    return render(request, "comments/charter.html", context)
