"""Requests that are hostile as a whole: their bodies, headers, hosts and methods."""

import random
import re
from itertools import product
from typing import Any

import pytest
from django.conf import settings as project_settings
from pytest_django import Settings

from articles.models import Article
from comments.models import Comment
from multitude import clients, environment
from multitude.web import bodies, gate
from tests.comments.helpers import FIELDS, submit_path
from tests.factories import PASSWORD, decide, make_article, make_user
from tests.hostile import payloads, routes, walk
from tests.hostile.asking import FORM, Stranger, encoded
from tests.hostile.payloads import as_octets

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=lim"
LOGIN = "/admin/login/"
# One of each kind: a page, a list with a parameter, a feed, a file, the newsroom, nothing.
PLACES = ("/", "/recherche/", "/flux/", "/static/css/base.css", LOGIN, "/admin/", "/nulle/part/", "/sitemap.xml")


def in_parts(fields: dict[str, str], more: bytes = b"") -> bytes:
    """Return a form in parts, with more of what one likes at its end."""
    parts = [
        f'--lim\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    return "".join(parts).encode() + more + b"--lim--\r\n"


def as_header(value: payloads.Value) -> str:
    """Return a value as the server would hand it on: a header has no line ends and no NUL."""
    return re.sub(rb"[\r\n\0]", b"", as_octets(value)).decode("latin-1")


# Bodies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "body", "parent"])
def test_ten_thousand_fields_are_refused_and_not_stored(reader: Stranger, inside: Stranger, name: str) -> None:
    path, many = submit_path(make_article()), [(name, "x")] * 10_000
    before = walk.rows()
    assert reader.send(path, [*FIELDS.items(), *many]).status in {400, 413}
    assert reader.ask(
        "POST", path, body=in_parts({}, in_parts({name: "x"})[:-9] * 900), CONTENT_TYPE=MULTIPART
    ).status in {400, 422}
    assert reader.ask("GET", path, encoded(many)).status in {303, 400, 414}
    assert inside.send("/admin/articles/section/add/", [*many]).status == 400
    assert walk.rows() == before


@pytest.mark.parametrize(
    "content_type", [FORM, MULTIPART, "application/json", "text/plain", "", "application/octet-stream"]
)
def test_ten_megabytes_are_refused_and_not_stored(reader: Stranger, inside: Stranger, content_type: str) -> None:
    path, before = submit_path(make_article()), walk.rows
    counted = before()
    body = in_parts(FIELDS | {"body": "x" * 10_000_000}) if content_type == MULTIPART else b"body=" + b"x" * 10_000_000
    for stranger, place in ((reader, path), (reader, LOGIN), (inside, "/admin/articles/article/add/")):
        assert stranger.ask("POST", place, body=body, CONTENT_TYPE=content_type).status in {400, 403, 413}
    assert walk.rows() == counted


def test_what_is_too_heavy_is_not_read(reader: Stranger) -> None:
    answer = reader.ask("POST", LOGIN, CONTENT_LENGTH=str(gate.MOST_BYTES + 1), **{"wsgi.input": None})
    assert answer.status == 413
    longer = str(bodies.MOST_FROM_READERS + 1)
    assert reader.ask("POST", submit_path(make_article()), CONTENT_LENGTH=longer, **{"wsgi.input": None}).status == 413


@pytest.mark.parametrize("length", ["1000", "-1", "+5", "5_0", "0x10", "1e3", "٥", "5, 5", "9" * 400, " 5", "5;"])
def test_a_wrong_length_stores_nothing(reader: Stranger, length: str) -> None:
    path = submit_path(make_article())
    body = encoded(list(FIELDS.items()))
    answer = reader.ask("POST", path, body=body, CONTENT_TYPE=FORM, CONTENT_LENGTH=length)
    assert answer.status in {400, 413}
    assert "pas lisible" in answer.text or "trop long" in answer.text
    assert not Comment.objects.exists()


def test_half_a_comment_is_none(reader: Stranger) -> None:
    body = encoded(list(FIELDS.items()))
    answer = reader.ask(
        "POST", submit_path(make_article()), body=body, CONTENT_TYPE=FORM, CONTENT_LENGTH=str(len(body) + 1)
    )
    assert answer.status == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "gzip, gzip", "x"])
def test_nothing_is_unpacked(reader: Stranger, coding: str) -> None:
    answer = reader.ask(
        "POST", submit_path(make_article()), body=b"\x1f\x8b", CONTENT_TYPE=FORM, HTTP_CONTENT_ENCODING=coding
    )
    assert answer.status == 415


@pytest.mark.parametrize("boundary", ["", "lim; boundary=b", '"', "é", "a" * 300, '"lim', "lim\x00", "=", "li m", "--"])
def test_a_boundary_that_is_none_stores_nothing(reader: Stranger, boundary: str) -> None:
    before = walk.rows()
    content_type = f"multipart/form-data; boundary={boundary}"
    assert (
        reader.ask("POST", submit_path(make_article()), body=in_parts(FIELDS), CONTENT_TYPE=content_type).status < 500
    )
    assert {table: n for table, n in walk.rows().items() if table.startswith("comments_c")} == {
        table: n for table, n in before.items() if table.startswith("comments_c")
    }


@pytest.mark.parametrize(
    "head",
    [
        "form-data; name=body; filename*=undefined''%41",
        "form-data; name=body; filename*=utf-8''%FF%00..%2Fa",
        "form-data; name=body; filename*0*=hex''a; filename*1=b",
        'form-data; name="body"; filename="../../a\\b"',
        "form-data; name*=utf-7''body",
        "form-data",
        "attachment; name=body",
        "form-data; name=body\r\nContent-Type: text/plain; charset=undefined",
        "form-data; name=body\r\nContent-Transfer-Encoding: base64",
        "form-data; name=body\r\nContent-Type: multipart/mixed; boundary=lim",
        "form-data; name=body\r\n" + "X-A: b\r\n" * 2_000,
        "form-data; name=body; " + "a=b; " * 300,
    ],
)
def test_a_part_may_say_anything_of_itself(reader: Stranger, inside: Stranger, head: str) -> None:
    part = f"--lim\r\nContent-Disposition: {head}\r\n\r\nx\r\n".encode()
    body = in_parts({"csrfmiddlewaretoken": inside.token}, part)
    assert reader.ask("POST", submit_path(make_article()), body=body, CONTENT_TYPE=MULTIPART).status < 500
    assert inside.ask("POST", "/admin/articles/picture/televerser/", body=body, CONTENT_TYPE=MULTIPART).status < 500


@pytest.mark.parametrize(
    "codec", ["undefined", "hex", "rot13", "unicode_escape", "utf-7", "idna", "utf-16", "base64", "zip", "x" * 200]
)
@pytest.mark.parametrize(
    "said", ["text/html; charset={}", "text/html; Charset*=utf-8''{}", "text/html; a=b;charset='{}'", "{}"]
)
def test_another_charset_reaches_no_codec(reader: Stranger, codec: str, said: str) -> None:
    for place in PLACES:
        assert reader.ask("GET", place, b"q=%FF&page=a", CONTENT_TYPE=said.format(codec)).status < 500


# Headers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", routes.headers_in_code())
def test_a_header_may_hold_anything(newspaper: None, reader: Stranger, settings: Settings, header: str) -> None:
    settings.TRUSTED_PROXIES = [environment.Network.parse("0.0.0.0/0")]
    before, faults, values = walk.rows(), [], payloads.every()
    places = [*product(["GET"], PLACES), ("POST", LOGIN), ("POST", submit_path(Article.objects.published()[0]))]
    for number, value in enumerate(values if walk.WALKS_ALL else random.sample(values, 40)):
        method, place = places[number % len(places)]
        answer = reader.ask(method, place, **{header: as_header(value)})
        if answer.status >= 500:
            faults.append((method, place, value))
    assert faults == []
    assert walk.rows() == before


@pytest.mark.parametrize(
    "host",
    [
        "pirate.exemple",
        "a@127.0.0.1",
        "127.0.0.1:a",
        "127.0.0.1:80:80",
        "a_b",
        "ⓛocalhost",
        "127.0.0.1, pirate.exemple",
        "[::1",
        "",
    ],
)
def test_another_host_gets_nothing_and_is_named_nowhere(reader: Stranger, host: str) -> None:
    answer = reader.ask("GET", "/nulle/part/", HTTP_HOST=host.encode().decode("latin-1"), SERVER_NAME="pirate.exemple")
    assert answer.status == 400
    assert "pirate" not in answer.text


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_SERVER", "HTTP_FORWARDED"]
)
def test_what_a_proxy_says_of_the_host_is_not_believed(reader: Stranger, header: str) -> None:
    for place in (*PLACES, "/admin/articles/"):
        answer = reader.ask("GET", place, **{header: "pirate.exemple"})
        assert b"pirate" not in answer.body
        assert "pirate" not in str(answer.headers)


@pytest.mark.parametrize(
    "chain",
    [
        "10.0.0.1," * 10_000,
        "a," * 10_000,
        "," * 10_000,
        "1:" * 3_000 + "1",
        "[" * 9_999,
        "%" * 9_999,
        "fe80::1%eth0",
        "[::1]:99999",
        "1.2.3.4.5",
        "unknown",
        "_hid",
    ],
)
def test_a_chain_of_proxies_may_be_endless(settings: Settings, monkeypatch: pytest.MonkeyPatch, chain: str) -> None:
    settings.TRUSTED_PROXIES = [environment.Network.parse("10.0.0.0/8")]
    read: list[str] = []
    parse = clients._parse

    def noting(text: str) -> bytes | None:
        read.append(text)
        return parse(text)

    monkeypatch.setattr(clients, "_parse", noting)
    assert clients.client_network({"REMOTE_ADDR": "10.9.9.9", "HTTP_X_FORWARDED_FOR": chain})
    assert len(read) < 100


@pytest.mark.parametrize(
    "method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "get", "post", "FOO", "", "A B"]
)
def test_a_method_that_no_page_has_is_refused(inside: Stranger, method: str) -> None:
    before = walk.rows()
    for place in (*PLACES, submit_path(make_article())):
        answer = inside.ask(
            method, place, body=encoded([*FIELDS.items(), ("csrfmiddlewaretoken", inside.token)]), CONTENT_TYPE=FORM
        )
        assert answer.status == 405
    assert walk.rows().items() >= {table: n for table, n in before.items() if table.startswith("comments_")}.items()


def test_endless_lists_of_tags_and_encodings_are_answered(newspaper: None, reader: Stranger) -> None:
    for header in ("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_ACCEPT_LANGUAGE"):
        for piece in ('"a", ', "gzip;q=0.1, ", "a=b; ", "bytes=0-1,", '"'):
            for place in PLACES:
                assert reader.ask("GET", place, **{header: piece * 10_000}).status < 500


def test_addresses_without_end_are_refused(reader: Stranger) -> None:
    assert reader.ask("GET", "/" + "a" * 10_000).status == 414
    assert reader.ask("GET", "/recherche/", b"q=" + b"a" * 100_000).status == 414


# Where one is led, and as whom ---------------------------------------------------------------------


def test_one_is_never_led_to_another_site(reader: Stranger) -> None:
    make_user("redactrice", is_superuser=True)
    stranger, led = Stranger({project_settings.CSRF_COOKIE_NAME: "a" * 32}), []
    for value in payloads.elsewhere():
        fields: list[Any] = [("username", "redactrice"), ("password", PASSWORD), ("next", value)]
        led += [stranger.send(LOGIN, fields), reader.ask("GET", "/admin", encoded([("next", value)]))]
        led += [reader.ask("GET", b"/" + as_octets(value)), reader.ask("GET", as_octets(value))]
    assert {answer.status for answer in led} >= {301, 302, 404}
    for answer in led:
        location = answer.headers.get("location", "/")
        assert answer.status < 500
        assert re.match(r"/(?![/\\])[\x21-\x7e]*$", location), location


def test_a_cookie_that_somebody_made_opens_nothing(reader: Stranger) -> None:
    for family in (payloads.objects, payloads.sql, payloads.no_text, payloads.paths):
        for value in family():
            made = as_header(value).replace(";", "")
            cookies = f"{project_settings.SESSION_COOKIE_NAME}={made}; messages={made}; csrftoken={made}"
            assert reader.ask("GET", "/admin/", HTTP_COOKIE=cookies).status == 302


def test_a_form_without_its_token_changes_nothing(inside: Stranger) -> None:
    before, forged = walk.rows(), Stranger({**inside.cookies, project_settings.CSRF_COOKIE_NAME: "b" * 32})
    for token in ("", "a" * 32, "b" * 31, "\0" * 32, "b" * 64, "é" * 32):
        fields = [("csrfmiddlewaretoken", token), ("name", "Rubrique"), ("slug", "rubrique"), ("position", "1")]
        body = encoded(fields)
        assert forged.ask("POST", "/admin/articles/section/add/", body=body, CONTENT_TYPE=FORM).status in {400, 403}
    assert walk.rows() == before


def test_an_answer_to_what_is_unreadable_is_a_page(reader: Stranger) -> None:
    unreadable = "Cette demande n’est pas lisible"
    answers: list[Any] = [reader.ask("GET", "/\0"), reader.ask("GET", "/recherche/", b"q=%00"), reader.ask("PUT", "/")]
    for answer, title in zip(answers, (unreadable, unreadable, "Rien à lire ici"), strict=True):
        assert title in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
    assert reader.ask("HEAD", "/\0").body == b""


def test_whoever_typed_it_gets_the_text_back_with_a_sentence(reader: Stranger) -> None:
    path = submit_path(make_article())
    for value in ("\0", "e\u0301" * 4_000, "\ufdfa" * 4_999 + "ab", "<b>" * 1_900, "> " * 3_000):
        answer = reader.send(
            path, [*(FIELDS | {"body": f"Mon avis {value}", "author_email": "a\r\nBcc: b@exemple.fr"}).items()]
        )
        assert answer.status == 422
        assert "Mon avis" in answer.text
        assert "Cet email n’est pas valide" in answer.text
    assert not Comment.objects.exists()


def test_marks_quotes_and_brackets_without_end_make_a_comment_that_is_shown(reader: Stranger) -> None:
    article = make_article()
    for value in (*payloads.nested(), *payloads.strange_letters()):
        body = f"Mon avis {value!s}"[:5_000]
        assert reader.send(submit_path(article), [*(FIELDS | {"body": body}).items()]).status == 303
    for comment in Comment.objects.all():
        assert decide(comment, "approve").is_approved
    pages = [reader.ask("GET", article.get_absolute_url(), query) for query in (b"", b"page=2")]
    assert [page.status for page in pages] == [200, 200]
