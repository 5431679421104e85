"""The form in which journalists write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import addresses
from articles.models import Article, Section
from articles.rendering import clean_html, count_words


class CommentingForm(forms.ModelForm):
    """What can be commented; whoever sends nothing about it leaves it as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "commenting" in self.fields:
            self.fields["commenting"].required = False

    def clean_commenting(self) -> str:
        """Return the choice, the one that holds when none was sent."""
        return self.cleaned_data["commenting"] or self.instance.commenting


class SectionForm(CommentingForm):
    """A section."""

    class Meta:
        model = Section
        fields = ("name", "slug", "description", "position", "commenting", "commenting_note")


class ArticleForm(CommentingForm):
    """An article; its address may stay empty and then comes from the title."""

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
            "headline": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "kicker": forms.TextInput(attrs={"class": "vTextField"}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 28, "class": "vLargeTextField"}),
            "footnote": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "commenting_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def clean_body(self) -> str:
        """Refuse a text of which nothing remains once it is cleaned."""
        body = self.cleaned_data["body"]
        if not count_words(clean_html(body)):
            raise ValidationError(_("Ce texte est vide une fois nettoyé : il n’y a que du balisage refusé."))
        return body

    def clean(self) -> dict[str, Any]:
        """Date the first publication before the database checks that it has a date."""
        cleaned = super().clean() or {}
        published_at, unpublished_at = cleaned.get("published_at"), cleaned.get("unpublished_at")
        if unpublished_at and not (published_at and unpublished_at >= published_at):
            self.add_error("unpublished_at", _("La dépublication suit la mise en ligne."))
        if not self.instance.was_public():
            self.instance.first_published_at = published_at
        return cleaned
