"""What one is told who has no right to a page, asks for one that is not there, or sends a form that has had its time.

At the desk it is told in the desk's own frame, elsewhere in the readers'.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults

from multitude.accounts.login import within


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403; whoever is at the desk keeps its menu, and learns why, or under which name they are there."""
    if not (_is_for_desk(request) and _is_staff(request)):
        return defaults.permission_denied(request, exception)
    context = {**admin.site.each_context(request), "reason": str(exception)}
    return render(request, "admin/403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404; whoever is at the desk keeps its menu."""
    if not (_is_for_desk(request) and _is_staff(request)):
        return defaults.page_not_found(request, exception)
    return render(request, "admin/404.html", admin.site.each_context(request), status=404)


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token is none of this session's, as it was opened before one logged in.

    Whoever has logged in meanwhile, in another tab, is led on from the page that asks for a password.
    """
    if request.path == reverse("admin:login") and _is_staff(request):
        return HttpResponseRedirect(within(request.get_full_path()))
    if not _is_for_desk(request):
        return defaults.permission_denied(request, PermissionDenied())
    response = render(request, "403_csrf.html", status=403)
    response["Cache-Control"] = "no-store"
    return response


def _is_for_desk(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


def _is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_staff)
