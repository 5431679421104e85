"""Whatever a browser brings along, a public page gives no cookie back."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", ["y", "a" * 32, "a" * 64, ""])
def test_a_broken_csrf_cookie_brings_no_cookie_back(client: Client, cookie: str) -> None:
    client.cookies["csrftoken"] = cookie
    response = client.get("/confidentialite/")
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "Vary" not in response.headers


def test_an_address_where_there_is_nothing_is_public_too(client: Client) -> None:
    assert client.get("/rubriques/rien/")["Cache-Control"].startswith("public")
