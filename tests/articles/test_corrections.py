"""Corrections: under their article, on the page that lists them, in what machines read; and never undone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import publishing
from articles.models import Article, Correction
from articles.rendering import rerender
from multitude.append_only import AppendOnlyError
from multitude.models import PurgeEvent
from tests.articles.reading import every, one, parse, text
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

ALL = "/rectificatifs/"
HOUR = timedelta(hours=1)


def correct(article: Article, body: str = "Il fallait lire 12.") -> Correction:
    """Publish a correction."""
    return publishing.correct(article_id=article.pk, body=body)


def notices(client: Client, article: Article) -> list[str]:
    """Return the corrections that stand under an article, as one reads them."""
    page = parse(client.get(article.get_absolute_url()))
    return [text(notice) for notice in every(page, ".//h:section[@id='rectificatifs']/h:ol/h:li")]


def data(client: Client, article: Article) -> dict[str, Any]:
    """Return what an article's page tells machines."""
    page = parse(client.get(article.get_absolute_url()))
    return json.loads(one(page, ".//h:script[@type='application/ld+json']").text)


def test_they_stand_under_the_article_dated_and_newest_first(client: Client) -> None:
    article = make_article()
    correct(article, "Un.")
    correct(article, "Deux.")
    Article.objects.get().save()
    first, second = notices(client, article)
    assert first.endswith("Deux.")
    assert second.endswith("Un.")
    assert str(timezone.localdate().year) in first


def test_an_article_without_any_says_nothing_of_it(client: Client) -> None:
    html = client.get(make_article().get_absolute_url()).content.decode()
    assert 'id="rectificatifs"' not in html
    assert "corrections.css" not in html
    assert "Modifié le" not in html


def test_a_corrected_article_says_when_it_was_modified(client: Client) -> None:
    article = make_article()
    correct(article)
    meta = one(parse(client.get(article.get_absolute_url())), ".//h:div[@class='signature']/h:p[@class='meta']")
    assert "Modifié le" in text(meta)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('Oui: "12"!', "<p>Oui\u00a0: «\u202f12\u202f»\u202f!</p>"),
        ("<b>a</b> & b", "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"),
        ("Un\r\ndeux\n\n\ntrois", "<p>Un<br>deux</p><p>trois</p>"),
        ("</section><script>x</script>", "<p>&lt;/section&gt;&lt;script&gt;x&lt;/script&gt;</p>"),
        ("Un\x00\ud800e", "<p>Une</p>"),
    ],
)
def test_their_text_is_typographed_and_escaped(body: str, html: str) -> None:
    correct(make_article(), body)
    assert Correction.objects.get().body_html == html


def test_they_are_neither_changed_nor_deleted() -> None:
    correction = correct(make_article())
    with pytest.raises(AppendOnlyError):
        correction.save()
    with pytest.raises(AppendOnlyError):
        correction.delete()
    with pytest.raises(AppendOnlyError):
        Correction.objects.update(body="Rien.")


def test_they_are_rendered_again_by_the_rules_of_a_new_version(client: Client) -> None:
    article = make_article()
    correct(article, "Oui!")
    Article.objects.update(corrections_html="", linked_data="", corrected_at=None)
    assert list(rerender()) == [1]
    assert len(notices(client, article)) == 1
    assert len(data(client, article)["correction"]) == 1


def test_saving_an_article_that_was_read_before_keeps_them(client: Client) -> None:
    article = make_article()
    correct(article)
    article.save()
    assert len(notices(client, article)) == 1


# The page of all of them --------------------------------------------------------------------------


def test_they_are_all_listed_newest_first(client: Client) -> None:
    first, second = make_article(headline="Un"), make_article(headline="Deux")
    correct(first)
    correct(second)
    links = every(parse(client.get(ALL)), ".//h:ul[@class='list corrected']//h:h2/h:a")
    assert [text(link) for link in links] == ["Deux", "Un"]
    assert links[0].get("href") == f"{second.get_absolute_url()}#rectificatifs"


def test_the_page_says_that_there_are_none(client: Client) -> None:
    assert "Rien n’a encore été rectifié." in client.get(ALL).content.decode()


def test_those_of_withdrawn_articles_are_listed_no_more(client: Client) -> None:
    article = make_article(headline="Ornithorynque")
    correct(article, "Ornithorynque à bec.")
    publishing.unpublish(article_id=article.pk)
    assert "Ornithorynque" not in client.get(ALL).content.decode()
    publishing.publish(article_id=article.pk, at=timezone.now() + HOUR)
    assert "Ornithorynque" not in client.get(ALL).content.decode()


@pytest.mark.parametrize("number", [25, 90])
def test_the_list_comes_in_pages_and_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, in_a_worker: None, number: int
) -> None:
    article = make_article()
    Correction.objects.bulk_create(Correction(article=article, body="a", body_html="<p>a</p>") for _ in range(number))
    client.get("/")
    with django_assert_num_queries(1):
        html = client.get(ALL).content.decode()
    assert 'href="/rectificatifs/?page=2"' in html
    assert client.get(f"{ALL}?page=2").status_code == 200
    assert client.get(f"{ALL}?page=7").status_code == 404
    assert client.get(f"{ALL}?page=x").status_code == 404


def test_a_correction_purges_its_article_and_the_list(client: Client) -> None:
    article = make_article()
    keys = {f"article:{article.pk}", "lists"}
    PurgeEvent.objects.all().delete()
    correct(article)
    assert keys <= {key for event in PurgeEvent.objects.all() for key in event.keys.split()}
    assert "lists" in client.get(ALL)["Surrogate-Key"].split()


def test_an_article_costs_no_more_for_being_corrected(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, in_a_worker: None
) -> None:
    article = make_article(authors=[make_author()])
    for number in range(5):
        correct(article, f"Rectificatif {number}.")
    client.get(make_article().get_absolute_url())
    with django_assert_num_queries(3):
        client.get(article.get_absolute_url())


# What machines read -------------------------------------------------------------------------------


def test_machines_are_told_what_the_article_is(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://journal.exemple"
    at = datetime(2026, 5, 1, 4, 5, tzinfo=UTC)
    authors = [make_author(name="Ada", slug="ada"), make_author(name="Bo", slug="bo")]
    article = make_article(
        headline="L'été", slug="ete", authors=authors, section=make_section(name="Idées"), published_at=at
    )
    told = data(client, article)
    assert told["@type"] == "NewsArticle"
    assert told["headline"] == "L’été"
    assert told["url"] == "https://journal.exemple/articles/ete/"
    assert told["datePublished"] == "2026-05-01T06:05:00+02:00"
    assert told["articleSection"] == "Idées"
    assert [(author["name"], author["url"]) for author in told["author"]] == [
        ("Ada", "https://journal.exemple/auteurs/ada/"),
        ("Bo", "https://journal.exemple/auteurs/bo/"),
    ]
    assert "correction" not in told
    assert datetime.fromisoformat(told["dateModified"]) >= at


def test_machines_are_told_of_corrections(client: Client) -> None:
    article = make_article()
    before = data(client, article)["dateModified"]
    correction = correct(article, "Il fallait lire </script><!-- 12 & 13.")
    told = data(client, article)
    assert told["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "Il fallait lire </script><!-- 12 & 13.",
            "datePublished": timezone.localtime(correction.corrected_at).isoformat(timespec="seconds"),
        }
    ]
    assert told["dateModified"] >= before


def test_nothing_in_a_title_ends_the_script(client: Client) -> None:
    hostile = "</script><script>alert(1)</script>&amp;\u2028"
    article = make_article(headline=hostile, standfirst=hostile)
    told = data(client, article)
    assert told["headline"] == article.display_headline
    assert "<script>alert" not in client.get(article.get_absolute_url()).content.decode()


def test_an_author_who_changes_their_name_changes_it_for_machines_too(client: Client) -> None:
    author = make_author(name="Ada")
    article = make_article(authors=[author])
    author.name = "Ada L."
    author.save()
    assert [one["name"] for one in data(client, article)["author"]] == ["Ada L."]


def test_a_draft_is_not_corrected() -> None:
    with pytest.raises(publishing.NotPublic):
        correct(make_draft())
