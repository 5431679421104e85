"""The addresses of a small site for tests of the page cache: what its views declare, and nothing else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path


class _View:
    """A view that is never called: the application under the cache is a `Newspaper`."""

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise AssertionError(request.path)


def _public(*params: str, blank: tuple[str, ...] = ()) -> _View:
    view = _View()
    view.public_params = params  # type: ignore[attr-defined]
    view.public_blank = blank  # type: ignore[attr-defined]
    return view


urlpatterns = [
    path("", _public()),
    path("articles/<slug:slug>/", _public("page")),
    path("recherche/", _public("q", "rubrique", "page", blank=("q", "rubrique"))),
    path("admin/", _View()),
]
