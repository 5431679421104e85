"""Many rows of one model at once, as fast as the database takes them; the demo newspaper is written with it.

PostgreSQL is sent one COPY or one array for each column, SQLite one prepared statement. The
database enforces its constraints as for any other row. What `save()` does besides is not done: no
signal is sent and nothing is rendered, so the caller gives every column that follows from others.
Call all of it inside the transaction that makes the rows one act.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from typing import Any

from django.db import connection, models

type Row = Sequence[Any]

# Values of these fields go to both drivers as they are: asking each field about each value takes longer than writing it.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey, models.DateField)
_ROWS_AT_ONCE = 1_000
_CACHE_KB = 128 * 1024


def reserve_keys(model: type[models.Model], number: int) -> Sequence[int]:
    """Return ascending primary keys that no other writer is given, for rows of this transaction."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [*cursor.fetchone(), number])
            return [key for (key,) in cursor.fetchall()]
        # Nobody else writes until this transaction ends; a key that was given once is not given again.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
        return range(last + 1, last + 1 + number)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows that hold the values of the attributes that `names` lists, such as `article_id`.

    Values are plain: text, numbers, days, instants with their zone. A column that is not listed gets
    its field's default, the primary key excepted, which is then the database's to give.
    """
    fields = _fields(model, names)
    values = _values(fields, len(names), rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = f"COPY {_table(model)} ({_columns(fields)}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(copying) as copy:
                for row in values:
                    copy.write_row(row)
        else:
            _execute_many(cursor, _insertion(model, fields), values)


def insert_or_increase(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Row], *, unique: Sequence[str], amount: str
) -> None:
    """Insert rows as `insert` does; to one that is there with the same `unique` values, add the `amount` alone.

    No two of the rows have the same `unique` values.
    """
    fields = _fields(model, names)
    values = _values(fields, len(names), rows)
    total = _columns([model._meta.get_field(amount)])
    merge = (
        f"ON CONFLICT ({_columns(map(model._meta.get_field, unique))}) "
        f"DO UPDATE SET {total} = {_table(model)}.{total} + EXCLUDED.{total}"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays, parameters = _arrays(fields, values)
            insertion = f"INSERT INTO {_table(model)} ({_columns(fields)}) SELECT * FROM {arrays}"  # noqa: S608
            cursor.execute(f"{insertion} {merge}", parameters)
        else:
            _execute_many(cursor, f"{_insertion(model, fields)} {merge}", values)


def increase(model: type[models.Model], amount: str, additions: Iterable[tuple[int, int]]) -> None:
    """Add to one column of rows that are there: a primary key and a number for each."""
    fields = [model._meta.pk, model._meta.get_field(amount)]
    table, (key, total) = _table(model), (_columns([field]) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays, parameters = _arrays(fields, additions)
            cursor.execute(
                f"UPDATE {table} SET {total} = {table}.{total} + given.number "  # noqa: S608
                f"FROM {arrays} AS given (key, number) WHERE {table}.{key} = given.key",
                parameters,
            )
        else:
            update = f"UPDATE {table} SET {total} = {total} + %s WHERE {key} = %s"  # noqa: S608
            _execute_many(cursor, update, ((number, pk) for pk, number in additions))


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Write the attributes that `names` lists of rows that are there: each row is a primary key and their values."""
    fields = [model._meta.pk, *map(model._meta.get_field, names)]
    values = _values(fields, len(fields), rows)
    table, key, *columns = _table(model), *(_columns([field]) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays, parameters = _arrays(fields, values)
            changes = ", ".join(f"{column} = given.{column}" for column in columns)
            cursor.execute(
                f"UPDATE {table} SET {changes} FROM {arrays} AS given ({_columns(fields)}) WHERE {table}.{key} = given.{key}",  # noqa: S608
                parameters,
            )
        else:
            changes = ", ".join(f"{column} = %s" for column in columns)
            statement = f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608
            _execute_many(cursor, statement, ((*row[1:], row[0]) for row in values))


@contextmanager
def large_cache() -> Iterator[None]:
    """Have SQLite keep 128 MB of what is written to in memory meanwhile, instead of 2; PostgreSQL has its own."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = {-_CACHE_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def analyze(*written: type[models.Model]) -> None:
    """Have the database count anew what its planner goes by: the tables have another size than when it last did."""
    with connection.cursor() as cursor:
        for model in written:
            cursor.execute(f"ANALYZE {_table(model)}")


# Fields, columns and values ------------------------------------------------------------------


def _fields(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """Return the fields to write: those that are given, in their order, then those that get their default."""
    given = [model._meta.get_field(name) for name in names]
    others = [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    return given + [field for field in others if field not in given]


def _values(fields: Sequence[Any], given: int, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows as the driver takes them; the first `given` values are the caller's, the others defaults."""
    defaults = [field.get_default for field in fields[given:]]
    adapters = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapter(field))]
    for row in rows:
        values = [*row, *[default() for default in defaults]]
        for place, adapt in adapters:
            values[place] = adapt(values[place])
        yield values


def _adapter(field: Any) -> Any:
    """Return what turns a value of the field into what the driver takes, or None where it takes the value itself."""
    if isinstance(field, models.DateTimeField) and connection.vendor == "sqlite":
        return _in_utc
    return None if isinstance(field, _PLAIN) else partial(field.get_db_prep_save, connection=connection)


def _in_utc(instant: datetime | None) -> str | None:
    """Return an instant as Django has SQLite keep it: in UTC, without saying so."""
    return None if instant is None else instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _execute_many(cursor: Any, statement: str, rows: Iterable[Row]) -> None:
    """Execute a statement for each row; Django would keep all of them in memory."""
    for some in batched(rows, _ROWS_AT_ONCE):
        cursor.executemany(statement, some)


def _arrays(fields: Sequence[Any], rows: Iterable[Row]) -> tuple[str, list[list[Any]]]:
    """Return the rows as PostgreSQL's arrays, one for each column, and their values."""
    kept = list(rows)
    types = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    return f"unnest({types})", [[row[place] for row in kept] for place in range(len(fields))]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Iterable[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _insertion(model: type[models.Model], fields: Sequence[Any]) -> str:
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {_table(model)} ({_columns(fields)}) VALUES ({places})"  # noqa: S608
