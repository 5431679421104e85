"""The small site behind the caches speaks to them as Multitude does."""

import pytest
from django.test import Client

from tests.factories import make_article
from tests.frontcaches.site import PUBLIC


@pytest.mark.django_db
def test_it_says_what_an_article_says(client: Client) -> None:
    response = client.get(make_article().get_absolute_url())
    assert {name: response[name] for name in PUBLIC} == PUBLIC
    assert "site" in response["Surrogate-Key"].split()
    assert response["ETag"].startswith('"')
