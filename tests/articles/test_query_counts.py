"""What a page costs the database: few queries, and no more of them at ten times the rows.

A web process remembers the menu, the rankings, the hours to come and what holds for comments: these are the queries of
every request but the first.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import related
from articles.freshness import SITEMAP_PAGE
from articles.models import MOST_TAGS, Article
from comments.models import Comment
from tests.articles.reading import bulk_articles
from tests.factories import make_article, make_author, make_section, make_tag, store_comments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_worker")]

PAGES = {
    "/": 1,
    "/rubriques/idees/": 1,
    "/rubriques/idees/?page=2": 1,
    "/auteurs/elle/": 2,
    "/themes/eau/": 2,
    "/themes/eau/?page=2": 2,
    "/archives/": 1,
    "/classements/lus/": 1,
    "/classements/lus/?periode=toujours": 1,
    "/classements/commentes/": 1,
    "/classements/commentes/?periode=mois": 1,
    "/rectificatifs/": 1,
    "/mentions-legales/": 1,
    "/confidentialite/": 1,
    "/accessibilite/": 1,
    "/contact/": 1,
    "/sitemap.xml": 3,
    "/sitemap-rubriques.xml": 1,
    "/sitemap-auteurs.xml": 1,
    "/sitemap-themes.xml": 1,
    "/sitemap-archives.xml": 1,
    "/sitemap-actualites.xml": 1,
    "/flux/": 1,
    "/flux/rss/": 1,
    "/rubriques/idees/flux/": 1,
    "/rubriques/idees/flux/rss/": 1,
    "/auteurs/elle/flux/": 2,
    "/auteurs/elle/flux/rss/": 2,
}


@pytest.mark.parametrize("rows", [30, 300])
def test_lists_cost_the_same_at_ten_times_the_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    bulk_articles(rows, make_section(slug="idees"), make_author(slug="elle"), make_tag("Eau", slug="eau"))
    client.get("/")
    client.get("/sitemap.xml")
    client.get("/flux/")
    now = timezone.localtime()
    for path, number in (PAGES | {f"/archives/{now:%Y/%m}/": 3}).items():
        with django_assert_num_queries(number, info=path):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("rows", [30, 300])
def test_sitemaps_cost_the_same_at_ten_times_the_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    first, *_others = bulk_articles(rows, make_section(), make_author())
    client.get("/")
    with django_assert_num_queries(1):
        assert client.get(f"/sitemap-articles-{(first.pk - 1) // SITEMAP_PAGE + 1}.xml").status_code == 200


def talk(article: Article, count: int) -> None:
    """Store approved comments, one in four of them a reply, quickly."""
    now = timezone.now()

    def approved(number: int, parent: Comment | None) -> Comment:
        return Comment(
            article=article,
            parent=parent,
            author_name=f"Lectrice {number}",
            body="Un avis.",
            body_html="<p>Un avis.</p>",
            submitted_at=now - timedelta(seconds=count - number),
            status=Comment.Status.APPROVED,
            decided_at=now,
            first_approved_at=now,
        )

    roots = store_comments(approved(number, None) for number in range(count * 3 // 4))
    store_comments(approved(number, roots[number % len(roots)]) for number in range(count * 3 // 4, count))
    Article.objects.filter(pk=article.pk).update(comment_count=count)


@pytest.mark.parametrize("count", [20, 200, 2_000])
def test_an_article_costs_four_queries_however_long_its_thread(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    article = make_article(slug="un", authors=[make_author(), make_author()])
    talk(article, count)
    client.get(make_article().get_absolute_url())
    with django_assert_num_queries(4):
        html = client.get("/articles/un/").content.decode()
    assert html.count('class="comment-head"') >= min(15, count)


def test_what_every_page_needs_is_read_once_for_many_pages(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_section()
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(1):
        client.get("/")


@pytest.mark.parametrize("rows", [30, 300])
@pytest.mark.parametrize("tags", [0, 1, MOST_TAGS])
def test_what_to_read_next_costs_one_query_whatever_there_is(
    django_assert_num_queries: DjangoAssertNumQueries, rows: int, tags: int
) -> None:
    section, tag = make_section(), make_tag()
    bulk_articles(rows, section, make_author(), tag)
    article = make_article(section=section, tags=[tag, *(make_tag() for _ in range(tags - 1))] if tags else [])
    article.refresh_from_db()
    with django_assert_num_queries(1):
        assert len(related.to(article)) == related.LENGTH


@pytest.mark.parametrize("pk", [7, 1_234, 1_234_567])
def test_a_comments_number_is_written_as_an_address_needs_it(client: Client, pk: int) -> None:
    now = timezone.now()
    article = make_article(slug="un")
    values = {"status": Comment.Status.APPROVED, "decided_at": now, "first_approved_at": now}
    store_comments([Comment(pk=pk, article=article, author_name="Anna", body="a", body_html="<p>a</p>", **values)])
    html = client.get("/articles/un/").content.decode()
    assert f'id="c{pk}"' in html
    assert f'href="#c{pk}"' in html
    assert f"?parent={pk}" in html
