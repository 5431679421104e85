"""Previews: what a link shows to who has no account, when it ends, and that it opens nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles import popularity, previews, publishing
from articles.models import Article
from tests.articles.reading import every, one, parse, text
from tests.factories import make_approved, make_article, make_author, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def link(article: Article) -> str:
    """Return the address of a link of a day to an article as it is stored."""
    article.refresh_from_db()
    return previews.link(article, DAY).path


def is_gone(response: HttpResponse) -> bool:
    """Tell whether an answer is the one that all links get which are no good."""
    return response.status_code == 404 and "Cet aperçu n’est plus ouvert" in response.content.decode()


def test_it_shows_the_article_as_it_will_appear(client: Client) -> None:
    draft = make_draft(headline="L'été", body="<p>Oui!</p>", footnote="Note.", authors=[make_author(name="Ada")])
    before = parse(client.get(link(draft)))
    publishing.publish(article_id=draft.pk)
    after = parse(client.get(draft.get_absolute_url()))
    for path in (".//h:h1", ".//h:div[@class='prose']", ".//h:p[@class='byline']", ".//h:p[@id='note']"):
        assert text(one(before, path)) == text(one(after, path))
    styles = ".//h:link[@rel='stylesheet']"
    sheets = [sheet.get("href") for sheet in every(before, styles)]
    own = [sheet for sheet in sheets if sheet.endswith("preview.css")]
    assert len(own) == 1
    assert [sheet for sheet in sheets if sheet not in own] == [sheet.get("href") for sheet in every(after, styles)]


def test_it_says_until_when(client: Client) -> None:
    banner = one(parse(client.get(link(make_draft()))), ".//h:p[@class='preview-banner']")
    assert text(banner) == "Aperçu — non publié, lien valable jusqu’au 21 novembre 2026 à 13 h 00"


@pytest.mark.parametrize("path", ["good", "/apercu/rien/"])
def test_no_cache_keeps_it_and_no_engine_lists_it(client: Client, path: str) -> None:
    response = client.get(link(make_draft()) if path == "good" else path)
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_only_this_site_may_frame_it_and_nothing_is_sent_from_it(client: Client) -> None:
    response = client.get(link(make_draft()))
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "form-action 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_it_counts_no_reading_and_shows_no_conversation(client: Client) -> None:
    article = make_article(headline="Retiré")
    make_approved(article, body="Un avis secret.")
    publishing.unpublish(article_id=article.pk)
    html = client.get(link(article)).content.decode()
    assert "data-beacon" not in html
    assert "readings.js" not in html
    assert "Un avis secret." not in html
    assert "Commentaires 0" not in html
    assert html.count("Commentaire 0") == 2
    popularity.fold()
    article.refresh_from_db()
    assert article.view_count == 0


def test_its_form_cannot_be_used(client: Client) -> None:
    talk = one(parse(client.get(link(make_draft()))), ".//h:div[@class='talk']")
    assert talk.get("inert") is not None


def test_it_is_read_and_nothing_else(client: Client) -> None:
    assert client.post(link(make_draft())).status_code == 405


def publish(article: Article) -> None:
    publishing.publish(article_id=article.pk)


def schedule(article: Article) -> None:
    publishing.publish(article_id=article.pk, at=NOW + HOUR)


def publish_and_withdraw(article: Article) -> None:
    publishing.publish(article_id=article.pk)
    publishing.unpublish(article_id=article.pk)


def revoke(article: Article) -> None:
    publishing.revoke_previews(article_id=article.pk)


@pytest.mark.parametrize("act", [publish, schedule, publish_and_withdraw, revoke, Article.delete])
def test_a_link_ends_with_what_is_done_to_the_article(client: Client, act: Callable[[Article], object]) -> None:
    article = make_draft()
    path = link(article)
    assert client.get(path).status_code == 200
    act(article)
    assert is_gone(client.get(path))


def test_unpublishing_ends_those_given_before_publication(client: Client) -> None:
    article = make_draft()
    path = link(article)
    Article.objects.filter(pk=article.pk).update(published_at=NOW, first_published_at=NOW)
    publishing.unpublish(article_id=article.pk)
    assert is_gone(client.get(path))


def test_writing_ends_nothing_and_shows_at_once(client: Client) -> None:
    article = make_draft()
    path = link(article)
    article.headline = "Autre titre"
    publishing.save(article, by=None)
    publishing.send_for_review(article_id=article.pk)
    assert "Autre titre" in client.get(path).content.decode()


def test_a_link_ends_at_its_hour(client: Client, clock: time_machine.Traveller) -> None:
    path = link(make_draft())
    clock.move_to(NOW + DAY - timedelta(seconds=1))
    assert client.get(path).status_code == 200
    clock.move_to(NOW + DAY)
    assert is_gone(client.get(path))


def test_a_link_ends_when_the_article_appears_by_itself_and_stays_so(
    client: Client, clock: time_machine.Traveller
) -> None:
    article = make_draft()
    publishing.publish(article_id=article.pk, at=NOW + HOUR)
    Article.objects.filter(pk=article.pk).update(unpublished_at=NOW + 2 * HOUR)
    path = link(article)
    assert client.get(path).status_code == 200
    for hours in (1, 2, 3):
        clock.move_to(NOW + hours * HOUR)
        assert is_gone(client.get(path))
    assert client.get(link(article)).status_code == 200


def test_a_published_article_has_none(client: Client) -> None:
    assert is_gone(client.get(link(make_article())))


def test_a_link_opens_its_own_article_alone(client: Client) -> None:
    article, other = make_draft(), make_draft()
    token = link(article).split("/")[2]
    assert previews.opens(token) == article.pk
    assert client.get(f"{other.get_absolute_url()}?apercu={token}").status_code == 404
    assert client.get(f"{article.get_absolute_url()}?apercu={token}").status_code == 404


def test_a_link_that_was_altered_opens_nothing(client: Client) -> None:
    token = link(make_draft()).split("/")[2]
    body, signature = token.split(".")
    for forged in (body, f"{body}.", f".{signature}", f"{body[:-2]}AA.{signature}", f"{body}.{signature[::-1]}"):
        assert previews.opens(forged) is None
        assert is_gone(client.get(f"/apercu/{forged}/"))


@given(st.text(max_size=600))
def test_no_text_is_a_link_or_breaks_anything(token: str) -> None:
    assert previews.opens(token) is None


def test_pictures_carry_the_token_and_nothing_else_does() -> None:
    html = (
        '<img alt="a > b" src="/media/a.jpg" srcset="/media/a-480.webp 480w, /media/a-960.webp 960w">'
        '<a href="/medias/">/media/a.jpg</a><a href="https://autre.fr/media/b.jpg">b</a><p>/media/c.jpg</p>'
    )
    assert previews.with_token(html, "T") == (
        '<img alt="a > b" src="/media/a.jpg?apercu=T" srcset="/media/a-480.webp?apercu=T 480w, /media/a-960.webp?apercu=T 960w">'
        '<a href="/medias/">/media/a.jpg</a><a href="https://autre.fr/media/b.jpg">b</a><p>/media/c.jpg</p>'
    )
