"""The form in which journalists write."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from articles import addresses, autosaves, nesting, pasting, tags
from articles.desk.editor import HELP, BodyEditor
from articles.desk.tag_field import TagNamesField
from articles.models import BODY_LENGTH, Article, Author, Autosave, Section
from articles.publishing import AddressTaken, Embargoed, PublishingRefused
from articles.rendering import clean_html, count_words
from multitude.numerals import version_in

# Earlier dates are slips of the finger, and the first ones of all cannot be told in every time zone.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
# For the number behind an address whose plain form is taken.
_ROOM = 8
_TOO_EARLY = _("Cette date est antérieure à 1900 : vérifiez l’année.")


class CommentingForm(forms.ModelForm):
    """What can be commented; whoever sends nothing about it leaves it as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "commenting" in self.fields:
            self.fields["commenting"].required = False

    def clean_commenting(self) -> str:
        """Return the choice, the one that holds when none was sent."""
        return self.cleaned_data["commenting"] or self.instance.commenting


class NamedForm(forms.ModelForm):
    """What has a name; its address may stay empty and then comes from that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Vide : tirée du nom.")

    def clean_slug(self) -> str:
        """Take the address from the name when none was typed, numbered where another has it."""
        slug: str = self.cleaned_data["slug"]
        if slug:
            return slug
        drawn = addresses.in_words(self.cleaned_data.get("name", ""))
        room = self._meta.model._meta.get_field("slug").max_length - _ROOM
        stem = drawn[:room].strip("-") or addresses.in_words(str(self._meta.model._meta.verbose_name))
        others = self._meta.model.objects.exclude(pk=self.instance.pk).filter(slug__startswith=stem)
        return addresses.free(stem, others.values_list("slug", flat=True))


class AuthorForm(NamedForm):
    """Somebody who signs."""

    class Meta:
        model = Author
        fields = ("name", "slug", "credentials", "biography", "portrait")
        widgets = {"credentials": forms.TextInput(attrs={"class": "vLargeTextField"})}


class SectionForm(NamedForm, CommentingForm):
    """A section."""

    class Meta:
        model = Section
        fields = ("name", "slug", "description", "position", "commenting", "commenting_note")


class OwnField(forms.CharField):
    """What a form sends of itself, and nothing of the article: a log of what was changed has nothing to say of it."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False."""
        return False


class VersionField(OwnField):
    """The version of an article that somebody has before their eyes; something unreadable is none, and stale."""

    def clean(self, value: Any) -> int | None:
        """Return the version, None where nothing was sent."""
        return version_in(super().clean(value) or None)


class ArticleForm(CommentingForm):
    """An article; its address may stay empty and then comes from the title.

    The desk sets `refusal` when the verb refused what is typed here, `resumed` when it shows what was not saved, and
    `may_add_tags` to whether somebody may.
    """

    refusal: PublishingRefused | None = None
    resumed: Autosave | None = None
    may_add_tags = True

    tag_names = TagNamesField()
    seen_version = VersionField(required=False)
    # The version that somebody has been shown, and writes over knowingly.
    over_version = VersionField(required=False)
    form_key = OwnField(required=False)

    class Meta:
        model = Article
        fields = (
            "section",
            "kicker",
            "headline",
            "standfirst",
            "lead_picture",
            "body",
            "footnote",
            "slug",
            "published_at",
            "unpublished_at",
            "commenting",
            "commenting_note",
        )
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 1, "class": "vLargeTextField"}),
            "kicker": forms.TextInput(attrs={"class": "vTextField"}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": BodyEditor(),
            "footnote": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "commenting_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }
        help_texts = {"body": HELP}
        error_messages = {
            "headline": {"max_length": _("Le titre dépasse %(limit_value)d caractères : il en a %(show_value)d.")},
            "standfirst": {"max_length": _("Le chapô dépasse %(limit_value)d caractères : il en a %(show_value)d.")},
            "body": {"max_length": _("Le texte dépasse %(limit_value)d caractères : il en a %(show_value)d.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(seen_version=self.instance.version, form_key=autosaves.new_key())
        if "tag_names" in self.fields and self.instance.pk:
            self.initial["tag_names"] = tags.SEPARATOR.join(tag.name for tag in self.instance.tags.all())
        if self.resumed:
            self._resume(self.resumed)
        # A browser would cut what is pasted without a word: the counters show the excess, and saving refuses it.
        for name in {"headline", "standfirst", "body"} & self.fields.keys():
            limit = self.fields[name].widget.attrs.pop("maxlength", None)
            if limit and name != "body":
                self.fields[name].widget.attrs["data-longest"] = limit
        for name in {"embargo_until", "published_at", "unpublished_at"} & self.fields.keys():
            self.fields[name].validators.append(MinValueValidator(EARLIEST, _TOO_EARLY))
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Vide : tirée du titre.")

    def clean_slug(self) -> str:
        """Take the address from the title when none was typed; refuse one that another article has, or had."""
        slug = self.cleaned_data["slug"]
        if not slug:
            return addresses.drawn_from(self.cleaned_data.get("headline", ""), self.instance.pk)
        if addresses.is_taken(slug, self.instance.pk):
            raise ValidationError(_("Un autre article a, ou avait, cette adresse : choisissez-en une autre."))
        return slug

    def clean_tag_names(self) -> list[str] | None:
        """Return the names of tags; new ones are for who may add some."""
        names = self.cleaned_data["tag_names"]
        if names and not self.may_add_tags and (unknown := [name for name in names if name not in tags.find(names)]):
            said = _("Vous ne pouvez pas ajouter de thème, et il n’y en a pas de ce nom : %(names)s.")
            raise ValidationError(said % {"names": tags.SEPARATOR.join(unknown)})
        return names

    def clean_body(self) -> str:
        """Say by elements what a word processor says by styles, and refuse a text of which nothing remains."""
        typed = self.cleaned_data["body"]
        if nesting.is_too_deep(typed):
            raise ValidationError(nesting.REFUSAL)
        body = pasting.tidy(typed)
        MaxLengthValidator(BODY_LENGTH, self.fields["body"].error_messages["max_length"])(body)
        if not count_words(clean_html(body)):
            raise ValidationError(_("Ce texte est vide une fois nettoyé : il n’y a que du balisage refusé."))
        return body

    def clean_headline(self) -> str:
        """Return the title on one line."""
        return " ".join(self.cleaned_data["headline"].split())

    def clean(self) -> dict[str, Any]:
        """Date the first publication before the database checks that it has a date."""
        cleaned = super().clean() or {}
        if not self.instance.was_public():
            self.instance.first_published_at = cleaned.get("published_at")
        return cleaned

    def based_on(self) -> int | None:
        """Return the version on which the changes are based, None where the form does not say."""
        over = self.cleaned_data.get("over_version")
        return self.cleaned_data.get("seen_version") if over is None else over

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None:
            self.add_error(self._concerned(self.refusal), str(self.refusal))

    def _update_errors(self, errors: ValidationError) -> None:
        """Say at its field what the database would refuse: the code of such an error is the field's name."""
        for error in errors.error_dict.pop(NON_FIELD_ERRORS, []):
            field = error.code if error.code in self.fields else NON_FIELD_ERRORS
            errors.error_dict.setdefault(field, []).append(error)
        super()._update_errors(errors)  # type: ignore[misc]

    def _concerned(self, refusal: PublishingRefused) -> str | None:
        """Return the field about which a refusal is, None for the form as a whole."""
        name = {AddressTaken: "slug", Embargoed: "published_at"}.get(type(refusal))
        return name if name in self.fields else None

    def _resume(self, kept: Autosave) -> None:
        """Show what was typed and not saved; whoever then saves is told if somebody else has saved since."""
        self.initial.update(seen_version=kept.seen_version, form_key=kept.form_key)
        for name, field in self.fields.items():
            if not field.widget.value_omitted_from_data(kept.values, {}, name):
                self.initial[name] = field.widget.value_from_datadict(kept.values, {}, name)
