"""A request of more than 64 KB is refused before anything of it is read."""

from io import BytesIO
from typing import Any, Never
from urllib.parse import urlencode

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import FIELDS, page, post, submit_path, text
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LIMIT = 64 * 1024
FORM = "application/x-www-form-urlencoded"


class Untouchable(BytesIO):
    """A request's body that must not be read."""

    def read(self, *args: Any) -> Never:
        raise AssertionError("the body was read")

    readline = readlines = __iter__ = read


def form_of(length: int) -> str:
    """Return a form of exactly so many octets, of which the text itself is short."""
    form = urlencode(FIELDS | {"autre": ""})
    return form + "x" * (length - len(form))


def answer(client: Client, length: str, content_type: str) -> int:
    """Return the status of the answer to a request whose body fails whoever reads it."""
    extra: dict[str, Any] = {"CONTENT_LENGTH": length, "CONTENT_TYPE": content_type, "wsgi.input": Untouchable()}
    return client.generic("POST", submit_path(make_article()), **extra).status_code


def test_exactly_the_limit_is_taken(client: Client):
    response = client.post(submit_path(make_article()), form_of(LIMIT), content_type=FORM)

    assert response.status_code == 303


def test_one_octet_more_is_refused(client: Client):
    response = client.post(submit_path(make_article()), form_of(LIMIT + 1), content_type=FORM)

    assert response.status_code == 413
    assert "Ce texte est trop long" in text(page(response))
    assert not Comment.objects.exists()


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x", "application/json"])
def test_what_is_too_long_is_never_read(client: Client, content_type: str):
    assert answer(client, str(LIMIT + 1), content_type) == 413


def test_what_is_short_enough_is_read(client: Client):
    with pytest.raises(AssertionError, match="the body was read"):
        answer(client, str(LIMIT), FORM)


def test_a_huge_length_is_refused(client: Client):
    assert answer(client, "9" * 30, FORM) == 413


def test_a_length_that_django_reads_as_too_long_is_refused(client: Client):
    assert answer(client, f"+{LIMIT + 1}", FORM) in {400, 413}


def test_the_longest_comment_of_emoji_fits(client: Client):
    body = urlencode(FIELDS | {"body": "🙂" * 5_000})
    assert len(body) < LIMIT

    assert client.post(submit_path(make_article()), body, content_type=FORM).status_code == 303


def test_a_text_far_too_long_but_below_the_limit_is_kept(client: Client):
    response = post(client, make_article(), body="t" * 60_000)

    assert response.status_code == 422
    assert "t" * 60_000 in response.content.decode()


def test_many_fields_are_no_fault(client: Client):
    data = urlencode(FIELDS) + "&a=1" * 5_500
    response = client.post(submit_path(make_article()), data, content_type=FORM)

    assert response.status_code in {303, 400}
