"""The forms of the picture library: sending a file with what is said of it, and changing what is said."""

from typing import Any, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from articles import intake, library
from articles.models import Picture
from multitude.people import name_of

_MIDDLE = 50


class DescriptionForm(forms.ModelForm):
    """What is said of a picture, and the point of it that stays in sight when it is cut."""

    # The word for what was said of the picture when the form was opened.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Picture
        fields = library.DESCRIPTION
        widgets = {
            "alternative_text": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "credit": forms.TextInput(attrs={"class": "vTextField"}),
            "caption": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 100}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 100}),
        }
        error_messages = {
            "alternative_text": {"required": _("Dites ce que l’image montre, pour qui ne la voit pas.")},
            "credit": {"required": _("Dites à qui l’on doit cette image.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("focal_x", "focal_y"):
            if name in self.fields:
                self.fields[name].required = False
        self.initial["seen"] = library.said_of(self.instance)

    def clean_seen(self) -> str:
        """Refuse once to replace what somebody else has said meanwhile: sent again, the form replaces it."""
        seen, now = self.cleaned_data["seen"], library.said_of(self.instance)
        if seen and seen != now:
            self.data = dict(self.data.items()) | {self.add_prefix("seen"): now}
            self.add_error(None, self._overtaken())
        return now

    def _overtaken(self) -> str:
        """Say what is stored now, and by whom."""
        changes = LogEntry.objects.filter(object_id=str(self.instance.pk), content_type__model="picture")
        last = changes.select_related("user").order_by("-pk").first()
        stored = (self.instance.alternative_text, self.instance.credit, self.instance.caption)
        return _(
            "%(who)s a décrit cette image autrement entre-temps : %(stored)s. Rien de ce que vous avez écrit n’est perdu ; "
            "enregistrez de nouveau pour le mettre à la place."
        ) % {
            "who": name_of(last.user) if last else _("Quelqu’un"),
            "stored": " · ".join(f"« {said} »" for said in stored if said),
        }

    def clean_focal_x(self) -> int:
        """Return the point asked for, or the middle."""
        return self._focal("focal_x")

    def clean_focal_y(self) -> int:
        """Return the point asked for, or the middle."""
        return self._focal("focal_y")

    def _focal(self, name: str) -> int:
        value = self.cleaned_data[name]
        if value is not None and value > 100:
            raise ValidationError(_("Le point focal est dans l’image : de 0 à 100 %."))
        return _MIDDLE if value is None else value


class UploadForm(DescriptionForm):
    """A file, and what is said of it."""

    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("JPEG, PNG, WebP ou AVIF ; 30 Mo et 60 millions de pixels au plus."),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
            "missing": _("Choisissez un fichier."),
            "invalid": _("Le fichier n’est pas arrivé : envoyez-le de nouveau."),
        },
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    seen = None  # type: ignore[assignment]
    field_order = ("file",)

    def clean_file(self) -> File:
        """Draw the picture anew; what is refused says why."""
        sent = self.cleaned_data["file"]
        try:
            self.taken = intake.take(sent)
        except intake.PictureRefused as error:
            raise ValidationError(str(error)) from error
        return sent

    def add(self, by: Any) -> tuple[Picture, bool]:
        """Store the picture by the verb, and return it and whether it is new."""
        said = self.cleaned_data
        return library.add(
            self.taken,
            alternative_text=said["alternative_text"],
            credit=said["credit"],
            caption=said["caption"],
            focal_point=(said["focal_x"], said["focal_y"]),
            by=cast(User, by),
        )
