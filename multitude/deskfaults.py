"""What is wrong with a form that comes back, named on top of its page with the way to each field."""

from typing import Any, NamedTuple

from django.contrib.admin import ModelAdmin
from django.forms import BaseForm, MultiWidget
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst


class Fault(NamedTuple):
    """What is wrong with a field: where it stands in the page, what it is called, and what to do; or with the whole."""

    anchor: str
    label: str
    said: str


class Telling(ModelAdmin):
    """A form that says what is to be mended: `admin/change_form.html` shows it."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the faults in place of Django's word that there are some."""
        found = faults(context) if context.get("errors") else []
        return super().render_change_form(request, context | {"faults": found, "errors": None}, *args, **kwargs)


def faults(context: dict[str, Any]) -> list[Fault]:
    """Return all that is wrong with a form of admin and with the rows in it."""
    found = _faults_of(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        found += [Fault("", "", error) for error in inline.formset.non_form_errors()]
        for number, form in enumerate(inline.formset.forms, start=1):
            row = f"{capfirst(inline.opts.verbose_name)} {number}"
            found += [
                fault._replace(label=f"{row} · {fault.label}" if fault.label else row) for fault in _faults_of(form)
            ]
    return found


def _faults_of(form: BaseForm) -> list[Fault]:
    found = []
    for name, errors in form.errors.items():
        if name not in form.fields:
            found += [Fault("", "", str(error)) for error in errors]
            continue
        field = form[name]
        # A day and an hour are two fields, and the label is neither's.
        anchor = f"{field.auto_id}_0" if isinstance(field.field.widget, MultiWidget) else field.auto_id
        found.append(Fault(anchor, capfirst(str(field.label)), " ".join(map(str, errors))))
    return found
