"""What can be done with an article from where it stands, and what each step asks before it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.models import NOTE_LENGTH, Article, State
from multitude import clock


class NoteForm(forms.Form):
    """What somebody is told with the article that comes back to them."""

    note = forms.CharField(
        label=_("Votre mot à son auteur"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("300 caractères au plus. L’historique de l’article le garde."),
        error_messages={
            "max_length": _("Ce mot dépasse %(limit_value)d caractères : il en a %(show_value)d."),
        },
    )


class InstantForm(forms.Form):
    """An hour to come, in Paris."""

    at = forms.DateTimeField(
        label=_("Jour et heure, à Paris"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={
            "required": _("Indiquez le jour et l’heure."),
            "invalid": _("Cette date n’est pas lisible : écrivez-la comme 2026-12-01 06:00."),
        },
    )

    def clean_at(self) -> datetime:
        """Refuse an hour that has passed: nothing is dated back by mistake."""
        at: datetime = self.cleaned_data["at"]
        if at <= clock.now():
            raise ValidationError(
                _("Cette heure est passée : l’article paraîtrait aussitôt. Indiquez une heure à venir.")
            )
        return at


@dataclass(frozen=True)
class Step:
    """One step: from which states it leads on, what its button then says, and the verb that takes it."""

    name: str
    labels: Mapping[State, Any]
    take: Callable[[int, User, dict[str, Any]], Article]
    publishes: bool = True
    """Whether it needs the right to publish; the others need the right to change the article."""
    path: str = ""
    """The last word of the address of the page that asks; without one the step is taken at once."""
    form: type[forms.Form] = field(default=forms.Form)

    @property
    def button(self) -> str:
        """The name under which the form of an article posts it."""
        return f"_{self.name}"


REVIEW = Step(
    "review",
    {State.DRAFT: _("Envoyer en relecture")},
    lambda pk, by, values: publishing.send_for_review(article_id=pk, by=by),
    publishes=False,
)
PUBLISH = Step(
    "publish",
    {
        State.DRAFT: _("Mettre en ligne"),
        State.REVIEW: _("Mettre en ligne"),
        State.SCHEDULED: _("Mettre en ligne maintenant"),
        State.UNPUBLISHED: _("Remettre en ligne"),
    },
    lambda pk, by, values: publishing.publish(article_id=pk, by=by),
)
SCHEDULE = Step(
    "schedule",
    {
        State.DRAFT: _("Programmer…"),
        State.REVIEW: _("Programmer…"),
        State.SCHEDULED: _("Changer l’heure…"),
        State.UNPUBLISHED: _("Programmer son retour…"),
    },
    lambda pk, by, values: publishing.publish(article_id=pk, at=values["at"], by=by),
    path="programmer",
    form=InstantForm,
)
SEND_BACK = Step(
    "send_back",
    {State.REVIEW: _("Rendre à son auteur…")},
    lambda pk, by, values: publishing.send_back(article_id=pk, by=by, note=values["note"]),
    publishes=False,
    path="rendre",
    form=NoteForm,
)
UNPUBLISH = Step(
    "unpublish",
    {State.PUBLISHED: _("Dépublier…"), State.SCHEDULED: _("Déprogrammer…")},
    lambda pk, by, values: publishing.unpublish(article_id=pk, by=by),
    path="depublier",
)

STEPS = (PUBLISH, SCHEDULE, REVIEW, SEND_BACK, UNPUBLISH)


def open_to(article: Article) -> list[Step]:
    """Return the steps that lead on from where an article stands."""
    state = article.state()
    return [step for step in STEPS if state in step.labels]
