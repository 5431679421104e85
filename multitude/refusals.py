"""What one is told who has no right to a page: at the desk in the desk's own frame, elsewhere in the readers'."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403; whoever is at the desk keeps its menu, and learns why, or under which name they are there."""
    user = getattr(request, "user", None)
    if not (request.path.startswith(reverse("admin:index")) and user and user.is_staff):
        return defaults.permission_denied(request, exception)
    context = {**admin.site.each_context(request), "reason": str(exception)}
    return render(request, "admin/403.html", context, status=403)
