"""The form under each article, and the one of a reply."""

import re
import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comments import rendering
from comments.incoming import Submission
from comments.models import BODY_LENGTH, EMAIL_LENGTH, NAME_LENGTH
from multitude.numerals import number_in

# What the script reports is in tenths of a second; whoever took longer than a day did something else meanwhile.
_SECONDS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")
MOST_SECONDS = 86_400


class BodyField(forms.CharField):
    """A text whose line ends count once, as they do in the browser's own counter."""

    def to_python(self, value: Any) -> str:
        """Return the text with one kind of line end."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class BodyForm(forms.Form):
    """A form whose `body` will stand under an article."""

    def clean_body(self) -> str:
        """Return the text without unprintable characters; something in it must be visible."""
        body = rendering.plain_text(self.cleaned_data["body"]).strip()
        if not any(
            unicodedata.category(character)[0] in "LNPS" and character not in rendering.INVISIBLE for character in body
        ):
            raise ValidationError(self.fields["body"].error_messages["required"], code="required")
        return body


class CommentForm(BodyForm):
    """Name, e-mail and text, all mandatory, and a field that only machines fill."""

    author_name = forms.CharField(
        label=_("Nom"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Indiquez votre nom."),
            "max_length": _("Votre nom ne peut dépasser %(limit_value)d caractères (il en a %(show_value)d)."),
        },
    )
    author_email = forms.EmailField(
        label=_("Email"),
        max_length=EMAIL_LENGTH,
        help_text=_("Votre email ne sera pas affiché publiquement."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Indiquez votre email."),
            "invalid": _("Cet email n’est pas valide : écrivez-le comme nom@exemple.fr."),
            "max_length": _("Votre email ne peut dépasser %(limit_value)d caractères (il en a %(show_value)d)."),
        },
    )
    body = BodyField(
        label=_("Commentaire"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Écrivez votre commentaire."),
            "max_length": _("Votre commentaire ne peut dépasser %(limit_value)d caractères (il en a %(show_value)d)."),
        },
    )
    # Whatever a machine writes here is taken, and answered like anything else.
    website = forms.Field(
        label=_("Ne remplissez pas ce champ"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    parent = forms.Field(required=False, widget=forms.HiddenInput)
    # The script adds it to what it sends: the page, which everyone shares, has no place for it.
    seconds = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, action: str, parent: str | None = None) -> None:
        super().__init__(data, initial={"parent": parent}, label_suffix="")
        self.action = action
        self.is_kept = False

    @cached_property
    def helper(self) -> FormHelper:
        """How the form is laid out, worked out when it is shown: one that is accepted never is."""
        # A browser would silently cut what one pastes; the server says by how much it is too long.
        del self.fields["body"].widget.attrs["maxlength"]
        helper = FormHelper()
        helper.form_action = self.action
        helper.form_class = "comment-form"
        helper.disable_csrf = True
        helper.layout = Layout("author_name", "author_email", "body", "website", "parent")
        if not self.is_kept:
            helper.add_input(Submit("", _("Envoyer mon commentaire")))
        return helper

    def clean_author_name(self) -> str:
        """Return the name on one line; a name needs a letter or a figure."""
        name = rendering.plain_line(self.cleaned_data["author_name"])
        if not rendering.has_words(name):
            raise ValidationError(self.fields["author_name"].error_messages["required"], code="required")
        return name

    def submission(self, article_id: int, client_network: str) -> Submission:
        """Return what the verb takes; the form must be valid."""
        return Submission(
            article_id=article_id,
            parent_id=self.parent_id,
            author_name=self.cleaned_data["author_name"],
            author_email=self.cleaned_data["author_email"],
            body=self.cleaned_data["body"],
            client_network=client_network,
            honeypot=str(self.cleaned_data["website"] or ""),
            seconds_spent=self._seconds_spent(),
        )

    def _seconds_spent(self) -> float | None:
        """Return what a script reported, or None for nothing, and for what cannot be."""
        reported = str(self.cleaned_data["seconds"] or "")
        seconds = float(reported) if _SECONDS.fullmatch(reported) else None
        return seconds if seconds is not None and seconds <= MOST_SECONDS else None

    @property
    def names_no_comment(self) -> bool:
        """Whether something is posted as the parent that no comment can be."""
        return bool(self["parent"].value()) and self.parent_id is None

    def without_parent(self) -> "CommentForm":
        """Return the same form as a comment of its own, so that what was typed can still be sent."""
        data = {name: value for name, value in self.data.items() if name != "parent"}
        return CommentForm(data, action=self.action)

    def as_kept(self) -> "CommentForm":
        """Return what was typed, to be read and copied: nothing is to be corrected, and nothing can be sent."""
        form = CommentForm(action=self.action)
        form.initial = {name: self[name].value() for name in self.fields}
        form.is_kept = True
        for field in form.visible_fields():
            field.field.widget.attrs["readonly"] = True
        return form

    @property
    def parent_id(self) -> int | None:
        """The comment that the form names as its parent, valid or not as the rest may be."""
        return number_in(str(self["parent"].value() or ""))
