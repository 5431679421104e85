"""The words of the search index: a virtual table in SQLite, a column in PostgreSQL."""

from django.db import migrations

from articles.searching import postgres, sqlite

BACKENDS = {"sqlite": sqlite, "postgresql": postgres}


def run(schema_editor, statements):
    """Run statements, which may hold semicolons of their own in SQLite's triggers."""
    for statement in statements:
        schema_editor.execute(statement)


def create(apps, schema_editor):
    """Create what this database looks for words in."""
    run(schema_editor, BACKENDS[schema_editor.connection.vendor].CREATE)


def drop(apps, schema_editor):
    """Take it away."""
    run(schema_editor, BACKENDS[schema_editor.connection.vendor].DROP)


class Migration(migrations.Migration):

    dependencies = [("articles", "0002_legal_pages")]

    operations = [migrations.RunPython(create, drop)]
