"""The page of the desk from which previews are seen, given and revoked."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import previews, publishing
from articles.models import Article, Event
from tests.factories import logged_in, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def desk(article: Article) -> str:
    """Return the address of the page."""
    return f"/admin/articles/article/{article.pk}/apercu/"


def given(html: str) -> str:
    """Return the path of the link that a page gives."""
    found = re.search(r'<input id="lien"[^>]*value="http[^"]*?(/apercu/[^"]+)"', html)
    assert found
    return found[1]


def test_it_shows_the_article_at_two_widths_and_admits_frames_of_this_site(editor_client: Client) -> None:
    response = editor_client.get(desk(make_draft()))
    html = response.content.decode()
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    frames = re.findall(r'<iframe[^>]* src="([^"]+)"[^>]* width="(\d+)"', html)
    assert [width for _path, width in frames] == ["390", "1280"]
    assert Client().get(frames[0][0]).status_code == 200
    assert "enregistrez d’abord" in html


def test_no_other_page_of_the_desk_admits_frames(editor_client: Client) -> None:
    response = editor_client.get(f"/admin/articles/article/{make_draft().pk}/change/")
    assert "frame-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("days", previews.Lifetime.values)
def test_a_link_is_given_for_a_time(editor_client: Client, days: int) -> None:
    response = editor_client.post(desk(make_draft()), {"days": days})
    assert Client().get(given(response.content.decode())).status_code == 200


@pytest.mark.parametrize("days", ["", "0", "365", "x"])
def test_no_other_time_can_be_chosen(editor_client: Client, days: str) -> None:
    response = editor_client.post(desk(make_draft()), {"days": days})
    assert response.status_code == 422
    assert 'id="lien"' not in response.content.decode()


def test_links_are_revoked_and_it_is_told_in_the_history(editor_client: Client) -> None:
    article = make_draft()
    path = given(editor_client.post(desk(article), {"days": "7"}).content.decode())
    assert editor_client.post(desk(article), {"revoke": "1", "days": "7"}).status_code == 302
    assert Client().get(path).status_code == 404
    event = article.events.first()
    assert (event.kind, event.by.username) == (Event.Kind.PREVIEWS_REVOKED, "redacteur")


def test_a_link_that_is_given_is_told_in_the_history(editor_client: Client) -> None:
    article = make_draft()
    with time_machine.travel(datetime(2026, 11, 14, 12, tzinfo=UTC), tick=False):
        editor_client.get(desk(article))
        editor_client.post(desk(article), {"days": "7"})
    event = article.events.get()
    assert (event.kind, event.by.username) == (Event.Kind.PREVIEW_GIVEN, "redacteur")
    assert event.note == "valable jusqu’au 21 novembre 2026 à 13\u202fh\u202f00"
    html = editor_client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert "Lien d’aperçu donné" in html


def test_who_gave_a_link_is_not_who_saved(editor_client: Client) -> None:
    article = make_draft()
    article.headline = "Autre"
    publishing.save(article, by=make_user("anne", first_name="Anne"))
    editor_client.post(desk(article), {"days": "7"})
    with pytest.raises(publishing.Overtaken, match="Anne a enregistré"):
        publishing.save(article, by=None, seen_version=0)


def test_an_article_that_appears_meanwhile_needs_no_link(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_draft()
    give = publishing.give_preview

    def publish_first(**values: Any) -> Any:
        publishing.publish(article_id=article.pk)
        return give(**values)

    monkeypatch.setattr(publishing, "give_preview", publish_first)
    html = editor_client.post(desk(article), {"days": "7"}, follow=True).content.decode()
    assert "Cet article est en ligne : son adresse suffit." in html.replace("\u202f", " ")
    assert 'id="lien"' not in html


def test_an_article_that_is_public_needs_none(editor_client: Client) -> None:
    article = make_article()
    html = editor_client.post(desk(article), {"days": "7"}).content.decode()
    assert "Cet article est en ligne" in html
    assert "/apercu/ey" not in html


@pytest.mark.parametrize("name", ["moderator_client", "nobody"])
def test_it_is_a_right_of_its_own(request: pytest.FixtureRequest, name: str) -> None:
    client = logged_in(make_user("personne")) if name == "nobody" else request.getfixturevalue(name)
    article = make_draft()
    assert client.get(desk(article)).status_code == 403
    assert client.post(desk(article), {"days": "7"}).status_code == 403
    assert client.post(desk(article), {"revoke": "1"}).status_code == 403


def test_an_unknown_article_is_not_found(editor_client: Client) -> None:
    assert editor_client.get("/admin/articles/article/404/apercu/").status_code == 404
