"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path

from articles.legal_pages import page
from articles.models import ROUTES

urlpatterns = [
    path("admin/", admin.site.urls),
    *(path(f"{name}/", page, {"name": name}, name=route) for name, route in ROUTES.items()),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
