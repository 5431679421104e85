"""A constraint that Django does not have: a foreign key on several columns."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models


class SelfReference(models.BaseConstraint):
    """Holds that the row which `reference` names has the same `shared` column as this one.

    It is a foreign key (reference, shared) → (id, shared) of the same table, enforced by SQLite
    and PostgreSQL alike; the two target columns need a unique constraint of their own.
    """

    def __init__(self, *, reference: str, shared: str, name: str, violation_error_message: Any = None) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.reference = reference
        self.shared = shared

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the clause of CREATE TABLE."""
        quote = schema_editor.quote_name
        reference, shared, key = (model._meta.get_field(name).column for name in (self.reference, self.shared, "id"))
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote(reference)}, {quote(shared)}) "
            f"REFERENCES {quote(model._meta.db_table)} ({quote(key)}, {quote(shared)}) DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statement for an existing table; for SQLite, Django remakes the table instead."""
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statement that drops the constraint; for SQLite, Django remakes the table instead."""
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Raise ValidationError when the row named is of another article, or is not there."""
        key = getattr(instance, model._meta.get_field(self.reference).attname)
        if key is None or {self.reference, self.shared} & set(exclude or ()):
            return
        shared = model._meta.get_field(self.shared).attname
        if not model._default_manager.using(using).filter(pk=key, **{shared: getattr(instance, shared)}).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> Any:
        """Add this constraint's own arguments for migrations."""
        path, arguments, keywords = super().deconstruct()
        return path, arguments, keywords | {"reference": self.reference, "shared": self.shared}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SelfReference) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.reference, self.shared))
