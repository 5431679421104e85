"""Pictures cost no page a query: what shows them was written when they changed."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.articles.pictures.making import make_picture
from tests.factories import make_article, make_author, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_worker")]


@pytest.mark.parametrize("count", [0, 1, 6])
def test_pages_cost_the_same_with_pictures(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    shown = [make_picture(made=True) for _ in range(count)]
    section, author = make_section(slug="idees"), make_author(slug="elle")
    body = "<p>a</p>" + "".join(f'<figure data-picture="{picture.pk}"></figure>' for picture in shown)
    for number in range(3):
        lead = shown[0] if shown else None
        make_article(slug=f"un-{number}", section=section, authors=[author], body=body, lead_picture=lead)
    for path in ("/", "/flux/", make_article().get_absolute_url()):
        client.get(path)
    for path, number in {
        "/": 1,
        "/rubriques/idees/": 1,
        "/auteurs/elle/": 2,
        "/articles/un-0/": 3,
        "/flux/": 1,
    }.items():
        with django_assert_num_queries(number, info=path):
            client.get(path)
