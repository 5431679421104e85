"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from multitude import wellknown
from multitude.caching import public_page

urlpatterns = [
    path("admin/", admin.site.urls),
    path(
        "confidentialite/", public_page(fresh=3600)(TemplateView.as_view(template_name="privacy.html")), name="privacy"
    ),
    path("robots.txt", wellknown.robots, name="robots"),
    path(".well-known/security.txt", wellknown.security, name="security"),
    path("favicon.ico", wellknown.favicon, name="favicon"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
