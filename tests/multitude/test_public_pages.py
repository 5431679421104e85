"""Every public address: the same bytes for everyone, with the headers that say so."""

import pytest
from django.test import Client

from articles.freshness import SITEMAP_PAGE
from tests.factories import (
    make_approved,
    make_article,
    make_author,
    make_section,
    make_user,
)

PUBLIC = [
    "/",
    "/articles/un-article/",
    "/articles/un-article/?page=1",
    "/articles/un-article/flux/",
    "/articles/un-article/flux/rss/",
    "/rubriques/une-rubrique/",
    "/rubriques/une-rubrique/flux/",
    "/rubriques/une-rubrique/flux/rss/",
    "/auteurs/une-autrice/",
    "/auteurs/une-autrice/flux/",
    "/auteurs/une-autrice/flux/rss/",
    "/classements/lus/",
    "/classements/lus/?periode=jour",
    "/classements/commentes/",
    "/classements/commentes/?periode=toujours",
    "/flux/",
    "/recherche/",
    "/recherche/?q=article",
    "/flux/rss/",
    "/sitemap.xml",
    "/sitemap-articles-501.xml",
    "/sitemap-rubriques.xml",
    "/sitemap-auteurs.xml",
    "/sitemap-actualites.xml",
    "/rectificatifs/",
    "/mentions-legales/",
    "/confidentialite/",
    "/accessibilite/",
    "/contact/",
    "/charte/",
    "/charte/1/",
    "/robots.txt",
    "/.well-known/security.txt",
    "/favicon.ico",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _newspaper(db: None) -> None:
    section = make_section(slug="une-rubrique")
    author = make_author(slug="une-autrice")
    article = make_article(pk=500 * SITEMAP_PAGE + 1, slug="un-article", section=section, authors=[author])
    make_approved(article)


def test_a_public_page_is_cacheable(client: Client, subtests: pytest.Subtests) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            response = client.get(path)
            assert response.status_code == 200
            assert response["Cache-Control"].startswith("public, max-age=0, s-maxage=")
            assert "stale-while-revalidate=" in response["Cache-Control"]
            assert response["ETag"].startswith('"')
            assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_a_public_page_has_no_cookie_no_token_and_no_vary_on_them(client: Client, subtests: pytest.Subtests) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            response = client.get(path)
            assert not response.cookies
            assert "cookie" not in response.get("Vary", "").lower()
            assert b"csrf" not in response.content.lower()


def test_a_member_of_the_staff_receives_the_same_bytes(client: Client, subtests: pytest.Subtests) -> None:
    staff = Client()
    staff.force_login(make_user("vue-par-personne", groups=["Rédacteurs"], is_superuser=True))
    for path in PUBLIC:
        with subtests.test(path=path):
            anonymous = client.get(path)
            response = staff.get(path)
            assert response.content == anonymous.content
            assert response["ETag"] == anonymous["ETag"]
            assert not response.cookies
            assert "cookie" not in response.get("Vary", "").lower()


def test_a_public_page_is_read_and_nothing_else(client: Client, subtests: pytest.Subtests) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            assert client.post(path).status_code == 405


def test_a_public_page_carries_the_security_headers(client: Client, subtests: pytest.Subtests) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            response = client.get(path)
            assert response["Referrer-Policy"] == "same-origin"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in response["Content-Security-Policy"]
            assert "unsafe" not in response["Content-Security-Policy"]


def test_absolute_addresses_do_not_come_from_the_host(client: Client, subtests: pytest.Subtests) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            assert b"testserver" not in client.get(path).content
            assert client.get(path, headers={"Host": "pirate.exemple"}).status_code == 400
