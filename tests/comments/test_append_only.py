"""Decisions and their evidence are added and read; nothing changes or deletes one."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from comments.models import Decision, Evidence
from multitude.append_only import AppendOnlyError
from tests.factories import decide, make_comment

pytestmark = pytest.mark.django_db


def awaited(act: Coroutine[Any, Any, object]) -> object:
    """Carry out what Django offers to be awaited, in a thread where no browser's events are waited for."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, act).result()


MODELS = pytest.mark.parametrize("model", [Decision, Evidence])
CHANGES: dict[str, Callable[[Any, Any], object]] = {
    "save": lambda model, row: row.save(),
    "save some fields": lambda model, row: row.save(update_fields=["id"]),
    "force an update": lambda model, row: row.save(force_update=True),
    "delete": lambda model, row: row.delete(),
    "update": lambda model, row: model.objects.filter(pk=row.pk).update(id=row.pk + 1),
    "update all": lambda model, row: model.objects.update(id=1),
    "delete all": lambda model, row: model.objects.all().delete(),
    "bulk_update": lambda model, row: model.objects.bulk_update([row], ["id"]),
    "update_or_create": lambda model, row: model.objects.update_or_create(pk=row.pk, defaults={"id": 7}),
    "aupdate": lambda model, row: awaited(model.objects.all().aupdate(id=1)),
    "adelete": lambda model, row: awaited(row.adelete()),
    "asave": lambda model, row: awaited(row.asave()),
    "upsert": lambda model, row: model.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=[model._meta.fields[2].name]
    ),
}


def rows() -> list[list[dict[str, Any]]]:
    """Return everything on record."""
    return [list(Decision.objects.order_by("pk").values()), list(Evidence.objects.order_by("pk").values())]


@MODELS
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_change_passes(model: type[Decision | Evidence], change: Callable[[Any, Any], object]):
    decide(make_comment(), "reject", reason="insult", explanation="Non")
    before = rows()
    row = model.objects.get()

    with pytest.raises(AppendOnlyError):
        change(model, row)
    assert rows() == before


@MODELS
def test_a_row_under_a_number_that_is_taken_is_refused(model: type[Decision | Evidence]):
    decide(make_comment(), "approve")
    copy = model(**{field.attname: getattr(model.objects.get(), field.attname) for field in model._meta.fields})

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_a_reason_changed_in_memory_stays_in_memory():
    decision = decide(make_comment(), "reject", reason="insult").decisions.get()
    decision.reason = "hate"

    with pytest.raises(AppendOnlyError):
        decision.save(update_fields=["reason"])
    assert Decision.objects.get().reason == "insult"
