"""What every page of the desk needs that is about one article and no form of Django's own."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest

from articles.models import Article


def context(model_admin: ModelAdmin, request: HttpRequest, article: Article, title: Any) -> dict[str, Any]:
    """Return the context of a page that `admin/articles/page.html` frames."""
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "article": article,
    }
