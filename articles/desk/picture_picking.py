"""What the editor asks of the picture library: the last pictures, those that a word finds, and a new one; all as JSON."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from articles import figures
from articles.desk.picture_forms import UploadForm
from articles.desk.searching import holding
from articles.models import Picture
from multitude.numerals import is_key

MOST_OFFERED = 30
_PRIVATE = {"Cache-Control": "private, no-store"}


class Picking(admin.ModelAdmin):
    """What the desk of pictures has for the editor."""

    def get_urls(self) -> list[URLPattern]:
        """Put them before what Django takes for the key of a picture."""
        wrap = self.admin_site.admin_view
        return [
            path("choisir/", wrap(require_safe(self.choose_view)), name="articles_picture_choose"),
            path("televerser/", wrap(require_POST(self.upload_view)), name="articles_picture_upload"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Return the last pictures as a list, or those whose words hold `q`, or those whose keys are the `id`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = figures.with_renditions().order_by("-uploaded_at", "-pk")
        if keys := request.GET.getlist("id"):
            found = found.filter(pk__in=[int(key) for key in keys if is_key(key)])
        found = holding(found, request.GET.get("q", ""))
        return JsonResponse([_told(picture) for picture in found[:MOST_OFFERED]], safe=False, headers=_PRIVATE)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Picture], search_term: str
    ) -> tuple[QuerySet[Picture], bool]:
        """Find pictures by what is said of them."""
        return holding(queryset, search_term), False

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Add a picture: 201 with the new one, 200 with the one that it was already, 422 with `errors` by field."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422, headers=_PRIVATE)
        picture, is_new = form.add(request.user)
        if is_new:
            self.log_addition(request, picture, [{"added": {}}])
        return JsonResponse(_told(picture), status=201 if is_new else 200, headers=_PRIVATE)


def _told(picture: Picture) -> dict[str, Any]:
    return {
        "id": picture.pk,
        "thumbnail": figures.thumbnail(picture),
        "alternative_text": picture.alternative_text,
        "credit": picture.credit,
        "caption": picture.caption,
        "width": picture.width,
        "height": picture.height,
    }
