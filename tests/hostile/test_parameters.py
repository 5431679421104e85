"""Parameters of headers, which Python's parser of mail reads: what it cannot read is a request that makes no sense, or nothing."""

import pytest

from comments.models import Comment
from tests.comments.helpers import FIELDS, QUEUE, submit_path
from tests.factories import make_article, make_comment
from tests.hostile import payloads
from tests.hostile.asking import Stranger
from tests.hostile.test_requests import LOGIN, MULTIPART, as_header, in_parts

pytestmark = pytest.mark.django_db

OF_TWO_KINDS = "text/plain; x*1*=a; x*=b'c"


@pytest.mark.parametrize("place", ["/", LOGIN])
def test_a_type_whose_parameters_nothing_can_read_is_no_fault_of_the_site(reader: Stranger, place: str) -> None:
    for value in payloads.parameters():
        for method in ("GET", "POST"):
            assert reader.ask(method, place, CONTENT_TYPE=as_header(value)).status < 500, value


@pytest.mark.parametrize("content_type", [OF_TWO_KINDS, 'a/b; charset="; x*1*=a; x*=b\'c; a="'])
def test_a_type_that_django_could_not_read_is_refused_on_a_page(reader: Stranger, content_type: str) -> None:
    answer = reader.ask("GET", LOGIN, CONTENT_TYPE=content_type)
    assert answer.status == 400
    assert "Cette demande n’est pas lisible" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_part_whose_parameters_nothing_can_read_stores_nothing(reader: Stranger, inside: Stranger) -> None:
    path = submit_path(make_article())
    for value in payloads.parameters():
        for name in ("Content-Disposition", "Content-Type"):
            disposition = "" if name == "Content-Disposition" else "Content-Disposition: form-data; name=body\r\n"
            part = f"--lim\r\n{disposition}{name}: {value!s}\r\n\r\nx\r\n".encode()
            body = in_parts(FIELDS | {"csrfmiddlewaretoken": inside.token, "author_email": "personne"}, part)
            for stranger, place in ((reader, path), (inside, "/admin/articles/picture/televerser/")):
                assert stranger.ask("POST", place, body=body, CONTENT_TYPE=MULTIPART).status < 500, (place, value)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("more", ["", "file"])
def test_a_part_of_two_kinds_of_parameters_is_refused_on_a_page(reader: Stranger, more: str) -> None:
    part = f"--lim\r\nContent-Disposition: form-data; name=a; {more}name*1*=a; {more}name*=b'c\r\n\r\nx\r\n".encode()
    answer = reader.ask("POST", submit_path(make_article()), body=in_parts(FIELDS, part), CONTENT_TYPE=MULTIPART)
    assert answer.status == 400
    assert "Cette demande n’est pas lisible" in answer.text
    assert not Comment.objects.exists()


def test_whoever_decides_and_accepts_what_nothing_can_read_gets_the_page(inside: Stranger) -> None:
    chosen: list[tuple[payloads.Value, payloads.Value]] = [
        ("action", "reject"),
        ("_selected_action", str(make_comment().pk)),
    ]
    for value in payloads.parameters():
        answer = inside.send(QUEUE, chosen, HTTP_ACCEPT=as_header(value))
        assert answer.status == 200, value
        assert answer.headers["content-type"].startswith("text/html")
    assert Comment.objects.get().status == Comment.Status.PENDING
