"""What is not published is nowhere: no page, list, count, feed, ranking, form, answer to a beacon says a word of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles import archives, popularity
from articles.models import Article, DailyTally
from tests.articles import leaks
from tests.articles.leaks import HOUR, SECRETS, Planted
from tests.articles.reading import headlines, ranked
from tests.factories import make_article, make_draft
from tests.feeds import parsed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HIDING = leaks.hiding(NOW)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def planted(clock: time_machine.Traveller, settings: Settings) -> Planted:
    """Return the secret, public still, in feeds that hold all of it."""
    settings.FEED_CONTENT = "full"
    return leaks.plant()


def test_every_public_route_is_walked() -> None:
    assert set(leaks.public_routes()) == set(leaks.ADDRESSES)


@pytest.mark.parametrize("route", leaks.ADDRESSES)
def test_every_parameter_that_a_page_reads_is_walked(route: str) -> None:
    parameters = getattr(leaks.public_routes()[route], "public_params", ())
    assert [one for one in parameters if not any(f"?{one}=" in path for path in leaks.ADDRESSES[route])] == []


def test_all_that_is_secret_would_be_seen(client: Client, planted: Planted) -> None:
    """The walk finds each part of the article while that is public."""
    told = {name for route in leaks.ADDRESSES for path in planted.paths(route) for name in leaks.told(client, path)}
    assert set(SECRETS) - told <= leaks.NEVER_SHOWN


@pytest.mark.parametrize("way", HIDING)
def test_what_is_not_published_is_nowhere(client: Client, planted: Planted, way: str) -> None:
    HIDING[way](planted.secret)
    found = {
        path: told
        for route in leaks.ADDRESSES
        for path in planted.paths(route)
        if (told := leaks.told(client, path) - leaks.ITS_OWN.get(route, set()))
    }
    assert found == {}


def test_no_date_or_month_tells_of_what_is_to_come(client: Client, planted: Planted) -> None:
    later = datetime(2026, 12, 30, 12, tzinfo=UTC)
    Article.objects.filter(pk=planted.secret.pk).update(published_at=later, first_published_at=later)
    archives.cover([later])
    found = {
        (path, sign)
        for route in leaks.ADDRESSES
        for path in planted.paths(route)
        if (html := client.get(path).content.decode(errors="replace").replace(path.partition("?")[0], ""))
        for sign in ("2026-12-30", "30 décembre", "/archives/2026/12/")
        if sign in html
    }
    assert found == set()


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("way", HIDING)
def test_its_addresses_are_answered_as_those_of_nothing(
    client: Client, planted: Planted, way: str, method: str
) -> None:
    HIDING[way](planted.secret)

    def answered(path: str) -> tuple[object, ...]:
        with CaptureQueriesContext(connection) as asked:
            response = getattr(client, method)(path)
        return response.status_code, dict(response.headers), response.content, len(asked)

    twins = list(leaks.twins(planted))
    assert len(twins) >= 3
    answered("/articles/rien/")
    for path, twin in twins:
        first, again, nothing = answered(path), answered(path), answered(twin)
        assert first == again == nothing, path
        assert "public" not in first[1].get("Cache-Control", ""), path  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", leaks.CLOSED)
def test_the_newsroom_is_closed_to_who_has_no_account(client: Client, planted: Planted, path: str) -> None:
    address = path.format(**vars(planted))
    assert client.get(address).status_code in {302, 403}
    assert leaks.told(client, address) == set()


@pytest.mark.parametrize("way", HIDING)
def test_it_is_not_counted(client: Client, planted: Planted, way: str) -> None:
    HIDING[way](planted.secret)
    popularity.refresh_rankings()
    assert len(headlines(client.get("/"))) == 1
    assert len(parsed(client.get("/flux/")).entries) == 1
    assert [ranked(client.get(f"/classements/{kind}/")) for kind in ("lus", "commentes")] == [[], []]
    assert client.get("/auteurs/numbat/").status_code == 404


@pytest.mark.parametrize("way", HIDING)
def test_a_beacon_learns_nothing(client: Client, planted: Planted, way: str) -> None:
    HIDING[way](planted.secret)
    before = DailyTally.objects.get(article=planted.secret).views
    answers = [client.post(f"/vues/{key}/") for key in (planted.secret.pk, 404_404)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[0].content == answers[1].content == b""
    assert answers[0].headers == answers[1].headers
    popularity.fold()
    assert DailyTally.objects.get(article=planted.secret).views == before


@pytest.mark.parametrize("way", ["scheduled", "scheduled under embargo", "withdrawn, to return"])
def test_what_is_to_come_appears_by_itself(
    client: Client, clock: time_machine.Traveller, planted: Planted, way: str
) -> None:
    HIDING[way](planted.secret)
    clock.move_to(NOW + HOUR)
    told = {name for route in leaks.ADDRESSES for path in planted.paths(route) for name in leaks.told(client, path)}
    assert set(SECRETS) - told <= leaks.NEVER_SHOWN


@pytest.mark.parametrize("path", ["/articles/secret/", "/articles/secret/flux/"])
def test_what_never_was_public_does_not_exist(client: Client, path: str) -> None:
    article = make_draft(slug="secret")
    assert client.get(path).status_code == 404
    article.published_at = NOW + HOUR
    article.save()
    assert client.get(path).status_code == 404


def test_what_was_withdrawn_is_gone_and_says_so(client: Client) -> None:
    make_article(slug="secret", unpublished_at=NOW - HOUR)
    response = client.get("/articles/secret/")
    assert response.status_code == 410
    assert "La rédaction l’a retiré de la publication." in response.content.decode()
    assert response["Cache-Control"].startswith("public")


def test_what_was_withdrawn_and_published_again_is_back(client: Client) -> None:
    article = make_article(slug="secret", unpublished_at=NOW - HOUR)
    article.unpublished_at = None
    article.save()
    assert client.get("/articles/secret/").status_code == 200


def test_an_address_that_differs_by_a_letter_is_another(client: Client) -> None:
    make_article(slug="secret")
    assert client.get("/articles/Secret/").status_code == 404
