"""One address, where there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer 200 and not a byte."""
    return HttpResponse()


urlpatterns = [path("", nothing)]
