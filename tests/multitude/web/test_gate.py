"""What is turned away in front of Django is told why."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from multitude.uploads import LARGEST_PICTURE
from multitude.web.gate import MOST_BYTES, Gate

TOO_HEAVY = {"CONTENT_LENGTH": str(MOST_BYTES + 1)}


def refused(**environ: str) -> tuple[str, dict[str, str], str]:
    """Send what does not pass, and return the status, the headers and the page of its answer."""
    told: list[Any] = []
    asked = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", **environ}
    body = b"".join(Gate(lambda *args: pytest.fail("passed"))(asked, lambda *args: told.extend(args)))
    return told[0][:3], dict(told[1]), body.decode()


def test_the_desk_is_told_how_heavy_a_picture_may_be() -> None:
    status, _headers, page = refused(PATH_INFO="/admin/articles/picture/add/", **TOO_HEAVY)
    assert status == "413"
    assert f"{LARGEST_PICTURE // 1024**2}\N{NO-BREAK SPACE}Mo au plus par image" in page
    assert 'href="/admin/"' in page


def test_a_reader_is_told_how_long_a_comment_may_be() -> None:
    status, _headers, page = refused(PATH_INFO="/articles/un/commentaires/", **TOO_HEAVY)
    assert status == "413"
    assert "Un commentaire compte" in page


def test_a_method_that_there_is_not_is_no_unreadable_request() -> None:
    status, headers, page = refused(REQUEST_METHOD="PUT")
    assert (status, headers["Allow"]) == ("405", "GET, HEAD, POST, OPTIONS")
    assert "<h1>Rien à lire ici</h1>" in page


def test_what_arrives_damaged_is() -> None:
    status, _headers, page = refused(CONTENT_LENGTH="-1")
    assert status == "400"
    assert "<h1>Cette demande n’est pas lisible</h1>" in page


@pytest.mark.django_db
def test_none_of_it_asks_the_database() -> None:
    with CaptureQueriesContext(connection) as queries:
        for path in ("/", "/admin/"):
            refused(PATH_INFO=path, **TOO_HEAVY)
    assert list(queries) == []
