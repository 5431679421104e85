"""What every page of the newsroom's desk needs that is no list and no form of Django's own."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest


def context(model_admin: ModelAdmin, request: HttpRequest, title: Any) -> dict[str, Any]:
    """Return the context of a page that `admin/desk_page.html` frames."""
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
    }
