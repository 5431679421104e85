"""Addresses of another time, and where they lead: those of articles that were renamed here need none."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from multitude.deskfaults import Telling
from multitude.deskrequests import Forbearing

_PATH = re.compile(r"/(?![/\\])[^\s#\\]*")
_TARGET = re.compile(r"/(?![/\\])[^\s\\]*|https?://[^\s/\\]+[^\s\\]*")


class RedirectForm(forms.ModelForm):
    """An address, and where it leads."""

    class Meta:
        model = Redirect
        fields = ("old_path", "new_path")
        labels = {"old_path": _("Ancienne adresse"), "new_path": _("Mène à")}
        help_texts = {
            "old_path": _("Un chemin de ce site où il n’y a rien, avec ses paramètres : « /archives/12.html »."),
            "new_path": _("Un chemin de ce site, ou une adresse entière en http(s). Vide : la page n’est plus (410)."),
        }

    def clean_old_path(self) -> str:
        """Return a path of this site that nothing else leads from."""
        path = self.cleaned_data["old_path"]
        if not _PATH.fullmatch(path):
            raise ValidationError(_("Une ancienne adresse commence par une barre oblique, sans nom de site ni « # »."))
        if self._others().filter(old_path=path).exists():
            raise ValidationError(_("Cette adresse mène déjà quelque part."))
        return path

    def clean_new_path(self) -> str:
        """Return where it leads, in one step."""
        path = self.cleaned_data["new_path"]
        if path and not _TARGET.fullmatch(path):
            raise ValidationError(_("Donnez un chemin qui commence par une barre oblique, ou une adresse en http(s)."))
        further = self._others().filter(old_path=path).first() if path else None
        if further:
            raise ValidationError(
                _("Cette adresse mène elle-même à « %(path)s » : donnez celle-là."), params={"path": further.new_path}
            )
        return path

    def clean(self) -> dict[str, Any]:
        """Refuse an address that leads to itself."""
        cleaned = super().clean() or {}
        if cleaned.get("old_path") and cleaned.get("old_path") == cleaned.get("new_path"):
            self.add_error("new_path", _("Cette adresse mènerait à elle-même."))
        self.instance.site_id = settings.SITE_ID
        return cleaned

    def _others(self) -> Any:
        return Redirect.objects.filter(site_id=settings.SITE_ID).exclude(pk=self.instance.pk)


class RedirectAdmin(Forbearing, Telling):
    """The addresses that lead elsewhere."""

    form = RedirectForm
    list_display = ("old_path", "new_path")
    search_fields = ("old_path", "new_path")
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Name the list."""
        return super().changelist_view(request, {"title": _("Redirections")} | (extra_context or {}))
