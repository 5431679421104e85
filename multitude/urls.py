"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path

from articles.legal_pages import page
from articles.models import ROUTES
from multitude import wellknown
from multitude.health import healthcheck, statepage

handler403 = "multitude.refusals.permission_denied"
handler404 = "multitude.refusals.page_not_found"
urlpatterns = [
    path("admin/etat/", admin.site.admin_view(statepage.page), name="state"),
    path("admin/", admin.site.urls),
    *(path(f"{name}/", page, {"name": name}, name=route) for name, route in ROUTES.items()),
    path("sante/", healthcheck.view, name="health"),
    path("robots.txt", wellknown.robots, name="robots"),
    path(".well-known/security.txt", wellknown.security, name="security"),
    path("favicon.ico", wellknown.favicon, name="favicon"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
