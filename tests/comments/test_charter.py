"""The charter as readers find it: the version in force, those before it, and what leads there."""

import importlib
from datetime import UTC, datetime
from html import unescape
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models
from django.test import Client

from articles.rendering import clean_html
from comments import charter
from comments.models import Charter, Decision
from multitude.append_only import AppendOnlyError
from multitude.models import PurgeEvent
from multitude.versions import Superseded
from tests.comments.helpers import by_id, page, post, submit_path, text
from tests.factories import decide, make_approved, make_article, make_charter, make_comment, make_user

pytestmark = pytest.mark.django_db

PAGE = "/charte/"
migration = importlib.import_module("comments.migrations.0003_charter")


@pytest.fixture(autouse=True)
def _no_charter(db: None) -> None:
    """Begin without any version: the database of a test may have the first one, or not."""
    models.QuerySet(Charter).delete()


def hrefs(tree: Element) -> list[str]:
    """Return where the links of a page lead."""
    return [str(link.get("href")) for link in tree.iter("a")]


def robots(tree: Element) -> list[str]:
    """Return what a page tells robots."""
    return [str(meta.get("content")) for meta in tree.iter("meta") if meta.get("name") == "robots"]


# The pages ---------------------------------------------------------------------------------------


def test_the_version_in_force_is_shown_with_its_number_and_its_date(client: Client):
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False):
        make_charter("<p>Soyez <em>brefs</em>.</p>")
    response = client.get(PAGE)
    tree = page(response)

    assert "Version 1, en vigueur depuis le 1er novembre 2026." in text(tree)
    assert "<p>Soyez <em>brefs</em>.</p>" in response.content.decode()
    assert robots(tree) == []
    assert "Autres versions" not in text(tree)


def test_older_versions_are_linked_with_their_dates(client: Client):
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False) as clock:
        make_charter("<p>Un.</p>")
        clock.move_to(datetime(2026, 11, 5, 12, tzinfo=UTC))
        make_charter("<p>Deux.</p>")
    tree = page(client.get(PAGE))

    assert "Deux." in text(tree)
    assert "Version 1 1er novembre 2026" in text(tree)
    assert "/charte/1/" in hrefs(tree)
    assert "/charte/2/" not in hrefs(tree)


def test_an_older_version_says_that_it_is_superseded(client: Client):
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False) as clock:
        make_charter("<p>Un.</p>")
        clock.move_to(datetime(2026, 11, 5, 12, tzinfo=UTC))
        make_charter("<p>Deux.</p>")
    tree = page(client.get("/charte/1/"))

    assert "Un." in text(tree)
    assert "Deux." not in text(tree)
    assert "Cette version n’est plus en vigueur." in text(tree)
    assert "Version 1, en vigueur du 1er novembre 2026 au 5 novembre 2026." in text(tree)
    assert robots(tree) == ["noindex"]
    assert PAGE in hrefs(tree)


def test_the_version_in_force_has_an_address_of_its_own_for_later(client: Client):
    make_charter()
    tree = page(client.get("/charte/1/"))
    canonical = [link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"]

    assert "n’est plus en vigueur" not in text(tree)
    assert robots(tree) == []
    assert [str(address).endswith(PAGE) for address in canonical] == [True]


def test_without_a_charter_there_is_no_page(client: Client):
    assert client.get(PAGE).status_code == 404
    assert client.get("/charte/1/").status_code == 404


@pytest.mark.parametrize("number", ["0", "3", "01", "-1", "1.0", "abc", "9" * 9, "9" * 40, "1 "])
def test_a_version_that_is_none_is_not_found(client: Client, number: str):
    make_charter()

    assert client.get(f"/charte/{number}/").status_code == 404


def test_a_new_version_purges_every_page_of_the_charter(client: Client):
    missing = client.get(PAGE)["Surrogate-Key"].split()
    make_charter()
    shown = [client.get(path)["Surrogate-Key"].split() for path in (PAGE, "/charte/1/")]
    purged = PurgeEvent.objects.latest("pk").keys.split()

    assert all(set(purged) & set(keys) for keys in [missing, *shown])


@pytest.mark.parametrize("number", [2, 20])
def test_a_charter_of_many_versions_costs_two_queries(
    client: Client, django_assert_num_queries, number: int, in_a_worker
):
    for _version in range(number):
        make_charter()
    client.get("/confidentialite/")
    for path in (PAGE, "/charte/1/"):
        with django_assert_num_queries(2):
            client.get(path)


# What leads there --------------------------------------------------------------------------------


def test_the_form_says_that_one_accepts_it(client: Client):
    root = make_approved()
    for response in (
        client.get(root.article.get_absolute_url()),
        client.get(submit_path(root.article), {"parent": root.pk}),
        post(client, root.article, body=""),
    ):
        form = by_id(page(response), "commenter")
        assert "vous acceptez la charte des commentaires." in text(form)
        assert PAGE in hrefs(form)


def test_every_page_leads_to_it_from_its_foot(client: Client):
    assert PAGE in hrefs(page(client.get("/")))


def test_without_a_charter_nothing_breaks(client: Client):
    comment = make_comment(make_article())

    assert client.get(comment.article.get_absolute_url()).status_code == 200
    assert post(client, comment.article).status_code == 303
    assert decide(comment, "reject", reason="insult").decisions.get().charter is None


# The verb ----------------------------------------------------------------------------------------


def test_versions_are_numbered_one_after_the_other():
    author = make_user("cheffe")

    assert [make_charter(author=author).number for _version in range(3)] == [1, 2, 3]
    assert (charter.latest().number, charter.latest().author) == (3, author)


def test_what_is_published_is_clean():
    version = make_charter('<h2 onclick="x()">Règle</h2><script>alert(1)</script><p>Oui !</p>')

    assert version.body_html == "<h2>Règle</h2><p>Oui\u202f!</p>"


def test_a_decision_carries_the_version_in_force():
    comment = make_comment()
    make_charter()
    decide(comment, "reject", reason="insult")
    make_charter()
    decide(comment, "return_to_queue")

    assert [decision.charter.number for decision in comment.decisions.all()] == [1, 2]


@pytest.mark.parametrize("seen", [0, 1, 3, -1])
def test_a_version_that_replaces_another_than_the_last_is_refused(seen: int):
    make_charter()
    last = make_charter(author=make_user("collegue"))
    with pytest.raises(Superseded, match="collegue a publié la version 2") as refusal:
        charter.publish(body="<p>Non.</p>", author=None, replaces=seen)

    assert refusal.value.number == 2
    assert charter.latest() == last


def test_two_that_come_at_the_same_instant_are_not_both_taken(monkeypatch: pytest.MonkeyPatch):
    make_charter()
    last = charter.latest()
    make_charter()
    seen = iter([last])
    latest = charter.latest
    monkeypatch.setattr(charter, "latest", lambda: next(seen, None) or latest())
    with pytest.raises(Superseded, match="version 2"):
        charter.publish(body="<p>Non.</p>", author=None, replaces=1)

    assert Charter.objects.count() == 2


def test_a_version_is_never_changed_or_deleted():
    version = make_charter()
    for change in (version.save, version.delete, Charter.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()


# The first version -------------------------------------------------------------------------------


def test_the_migration_writes_the_first_version_once():
    for _time in range(2):
        migration.write_first_version(apps, connection.schema_editor())

    version = Charter.objects.get()
    assert (version.number, version.author) == (1, None)
    assert version.body_html == clean_html(version.body)


def test_the_first_version_names_every_reason_of_a_refusal():
    body = migration.BODY.lower()

    assert [reason.label for reason in Decision.Reason if f"<strong>{reason.label}</strong>" not in body] == []


def test_cleaning_takes_nothing_from_the_first_version():
    bare = "".join(migration.BODY.split())

    assert "".join(unescape(clean_html(migration.BODY)).split()) == bare
