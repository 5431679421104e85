"""Addresses of another time: they lead on where there would be nothing, and cost nothing elsewhere."""

from typing import Any

import pytest
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from multitude.models import PurgeEvent
from tests.factories import logged_in, make_section, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/redirects/redirect/add/"


def lead(old: str, new: str) -> Redirect:
    """Store that an address leads to another."""
    return Redirect.objects.create(site_id=1, old_path=old, new_path=new)


@pytest.mark.parametrize("old", ["/archives/12.html", "/index.php?p=12", "/articles/rien/", "/été/"])
def test_an_address_where_there_is_nothing_leads_on(client: Client, old: str) -> None:
    lead("/%C3%A9t%C3%A9/" if old == "/été/" else old, "/flux/")
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/flux/")
    assert response["Cache-Control"].startswith("public")
    assert "missing" in response["Surrogate-Key"].split()
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("old", ["/vieux.html?utm_source=lettre", "/vieux.html?fbclid=1&p=2"])
def test_what_was_hung_onto_an_old_address_does_not_hide_it(client: Client, old: str) -> None:
    lead("/vieux.html", "/flux/")
    lead("/vieux.html?p=12", "/flux/rss/")
    assert client.get(old)["Location"] == "/flux/"
    assert client.get("/vieux.html?p=12")["Location"] == "/flux/rss/"


def test_an_empty_one_is_gone(client: Client) -> None:
    lead("/ancien/", "")
    response = client.get("/ancien/")
    assert response.status_code == 410
    assert "<h1>" in response.content.decode()


def test_a_page_that_exists_stays_and_costs_no_query_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, in_a_worker: None
) -> None:
    lead("/", "/flux/")
    client.get("/")
    with django_assert_num_queries(1):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("act", ["save", "delete"])
def test_changing_one_purges_the_addresses_where_there_was_nothing(act: str) -> None:
    redirect = lead("/archives/", "/flux/")
    PurgeEvent.objects.all().delete()
    getattr(redirect, act)()
    assert [event.keys for event in PurgeEvent.objects.all()] == ["missing"]


def test_what_is_sent_is_not_led_elsewhere(client: Client) -> None:
    lead("/articles/rien/commentaires/", "/flux/")
    assert client.post("/articles/rien/commentaires/", {"body": "a"}).status_code == 404


def test_a_database_that_is_away_leaves_the_404(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(Redirect.objects, "filter", away)
    response = client.get("/articles/rien/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_an_address_is_led_elsewhere_at_the_desk() -> None:
    chief = logged_in(make_user("cheffe", groups=["Direction de la publication"]))
    assert chief.post(ADD, {"old_path": "/vieux/", "new_path": "https://autre.fr/"}).status_code == 302
    assert Client().get("/vieux/")["Location"] == "https://autre.fr/"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("vieux", "/", "Une ancienne adresse commence par une barre oblique, sans nom de site ni « # »."),
        ("//autre.fr/", "/", "Une ancienne adresse commence par une barre oblique, sans nom de site ni « # »."),
        ("/vieux/", "javascript:alert(1)", "Donnez un chemin qui commence par une barre oblique"),
        ("/vieux/", "//autre.fr/", "Donnez un chemin qui commence par une barre oblique"),
        ("/vieux/", "/\\autre.fr/", "Donnez un chemin qui commence par une barre oblique"),
        ("/vieux/", "/vieux/", "Cette adresse mènerait à elle-même."),
        ("/vieux/", "/pris/", "Cette adresse mène elle-même à « /flux/ » : donnez celle-là."),
        ("/pris/", "/", "Cette adresse mène déjà quelque part."),
    ],
)
def test_what_leads_nowhere_is_refused_with_a_sentence(old: str, new: str, sentence: str) -> None:
    lead("/pris/", "/flux/")
    chief = logged_in(make_user("cheffe", is_superuser=True))
    response = chief.post(ADD, {"old_path": old, "new_path": new})
    told = [str(error) for errors in response.context["adminform"].form.errors.values() for error in errors]
    assert any(error.startswith(sentence) for error in told), told
    assert Redirect.objects.count() == 1


def test_it_is_for_those_who_have_the_right(editor_client: Client) -> None:
    assert editor_client.get(ADD).status_code == 403


def test_djangos_site_is_the_one_of_the_settings(settings: Any) -> None:
    settings.SITE_URL = "https://journal.exemple"
    call_command("migrate", verbosity=0)
    assert Site.objects.get().domain == "journal.exemple"
    section = make_section()
    chief = logged_in(make_user("cheffe", is_superuser=True))
    html = chief.get(f"/admin/articles/section/{section.pk}/change/").content.decode()
    assert "/admin/r/" in html
    assert chief.get("/admin/sites/site/").status_code == 404
