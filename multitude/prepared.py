"""Queries that are asked again and again: the ORM writes the SQL of each once, and this keeps it.

Building a queryset and its SQL takes longer than the database needs to answer an indexed question, so the
paths that carry the load name their queries here. A query is still written with the ORM, on `published()` and
the other definitions; what comes at each asking has its place held by a parameter. It stands on Django's
compilers, whose `as_sql()` and converters are what third-party databases build on too.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple, override

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable
from django.db.models.sql import InsertQuery


class Parameter(Expression):
    """The place of a value in a query, by its name; its field says how the database writes it."""

    def __init__(self, name: str, output_field: models.Field) -> None:
        super().__init__(output_field)
        self.name = name

    @override
    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class _Compiled(NamedTuple):
    sql: str
    parameters: list[Any]
    make: Callable[[list[Any]], list[Any]]
    """Makes rows of Python values, or instances of the model, of what the database returned."""


class Prepared[Row]:
    """A query with named parameters, compiled once in each thread.

    `build` takes the parameters by their names and returns the queryset, without a limit; `fields` says of what
    kind each of them is. Rows are what the queryset yields: tuples of `values_list()`, or instances.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], **fields: models.Field) -> None:
        self._build = build
        self._parameters = {name: Parameter(name, field) for name, field in fields.items()}
        self._local = threading.local()

    def rows(self, *, limit: int | None = None, offset: int = 0, **values: Any) -> list[Row]:
        """Ask, and return the rows: with a limit, so many of them at most, after the first `offset`.

        Raises ValueError for None, which `=` never finds, and KeyError for a parameter that is not given.
        """
        compiled = self._compiled()
        sql = compiled.sql if limit is None else f"{compiled.sql} LIMIT {limit:d} OFFSET {offset:d}"
        parameters = [_written(parameter, values) for parameter in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return compiled.make(cursor.fetchall())

    def first(self, **values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(limit=1, **values)), None)

    def _compiled(self) -> _Compiled:
        try:
            return self._local.compiled
        except AttributeError:
            self._local.compiled = compiled = _compile(self._build(**self._parameters))
            return compiled


class Insertion[M: models.Model]:
    """The INSERT of one instance of a model, compiled once in each thread.

    No signal is sent, and nothing is done that fields do before saving, such as `auto_now`.
    """

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._fields = [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
        self._local = threading.local()

    def insert(self, instance: M) -> M:
        """Store a new instance, give it its key, and return it. Raises IntegrityError like `save()`."""
        values = [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in self._fields]
        with connection.cursor() as cursor:
            cursor.execute(self._sql(instance), values)
            (instance.pk,) = cursor.fetchone()
        instance._state.adding = False
        instance._state.db = connection.alias
        return instance

    def _sql(self, instance: M) -> str:
        try:
            return self._local.sql
        except AttributeError:
            query = InsertQuery(self._model)
            query.insert_values(self._fields, [instance])
            compiler = query.get_compiler(connection=connection)
            compiler.returning_fields = [self._model._meta.pk]
            [(self._local.sql, _values)] = compiler.as_sql()
            return self._local.sql


def _compile(queryset: models.QuerySet) -> _Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    selected = [expression for expression, _sql, _alias in compiler.select]
    converters = compiler.get_converters(selected)
    is_model = issubclass(queryset._iterable_class, ModelIterable)
    names = [expression.target.attname for expression in selected] if is_model else []

    def make(rows: list[Any]) -> list[Any]:
        found = compiler.apply_converters(rows, converters) if converters else rows
        if not is_model:
            return [tuple(row) for row in found]
        return [queryset.model.from_db(connection.alias, names, row) for row in found]

    return _Compiled(sql, list(parameters), make)


def _written(parameter: Any, values: dict[str, Any]) -> Any:
    """Return a parameter's value as the database writes it; whatever else the query holds is written already."""
    if not isinstance(parameter, Parameter):
        return parameter
    value = values[parameter.name]
    if value is None:
        raise ValueError(parameter.name)
    return parameter.output_field.get_db_prep_value(value, connection)
