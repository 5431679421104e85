"""Rows that are written once: models of either app that nothing may change or delete afterwards."""

from typing import Any, Never

from django.db import models


class AppendOnlyError(TypeError):
    """Something tried to change or delete what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are added and read; every way of changing or deleting them raises."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model._meta.verbose_name}: rows are never changed or deleted")

    update = delete = bulk_update = update_or_create = _refuse

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        """Add rows; one that is already there is never updated instead."""
        if update_conflicts:
            self._refuse()
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Insert the row; a row that is already there is left alone and AppendOnlyError raised."""
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name}: rows are never changed")
        super().save(**kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Raise AppendOnlyError."""
        raise AppendOnlyError(f"{self._meta.verbose_name}: rows are never deleted")
