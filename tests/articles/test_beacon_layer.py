"""The beacon's own layer before Django: the same answer to everyone, counted like the view's, and nobody's cookie in it."""

from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from articles import popularity
from articles.beacon import Beacon
from articles.models import Article
from tests.factories import logged_in, make_article, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_worker")]

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NUMBERS = iter(range(1, 250))


class Layer(Beacon):
    """The layer before Django, and how often Django was asked."""

    def __init__(self) -> None:
        django = get_wsgi_application()
        self.asked = 0

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked += 1
            return django(environ, start_response)

        super().__init__(counted)


@pytest.fixture
def layer() -> Layer:
    """Return a layer that has seen nothing yet."""
    return Layer()


def send(layer: Beacon, path: str, method: str = "POST", **headers: str) -> tuple[str, list[tuple[str, str]]]:
    """Send a request from a network of its own, and return the status and the headers of the answer."""
    environ = RequestFactory().generic(method, path, REMOTE_ADDR=f"203.0.113.{next(NUMBERS)}").environ
    environ |= {"HTTP_HOST": "127.0.0.1", "HTTP_USER_AGENT": BROWSER, "HTTP_SEC_FETCH_SITE": "same-origin"}
    environ |= {f"HTTP_{name}": value for name, value in headers.items()}
    answer: list[Any] = []
    body = layer(environ, lambda status, headers, *exc_info: answer.extend((status, headers)))
    assert b"".join(body) == b"" or answer[0] != "204 No Content"
    getattr(body, "close", lambda: None)()
    return answer[0], answer[1]


def views(article: Article) -> int:
    """Return how often an article has been read."""
    popularity.fold()
    article.refresh_from_db()
    return article.view_count


def test_django_answers_the_first_and_the_layer_all_others_alike(layer: Layer) -> None:
    article = make_article()
    first, second, third = (send(layer, f"/vues/{article.pk}/") for _reader in range(3))
    assert first == second == third
    assert first[0] == "204 No Content"
    assert dict(first[1])["Cache-Control"] == "no-store"
    assert (layer.asked, views(article)) == (1, 3)


def test_one_reader_s_cookie_reaches_nobody_else(layer: Layer) -> None:
    path = f"/vues/{make_article().pk}/"
    for cookie in ("sessionid=a", "csrftoken=b", ""):
        _status, headers = send(layer, path, COOKIE=cookie)
        assert not {"Set-Cookie", "Vary"} & dict(headers).keys()


@pytest.mark.parametrize("header", [("Set-Cookie", 'sessionid=""'), ("Vary", "Cookie")])
def test_an_answer_to_one_reader_alone_is_not_remembered_for_all(header: tuple[str, str]) -> None:
    """A cookie that makes no sense is taken back; taken back from everyone, it would log the newsroom out."""
    personal: list[tuple[str, str]] = [header]

    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("204 No Content", [("Cache-Control", "no-store"), *personal])
        return []

    layer = Beacon(django)
    assert header in send(layer, "/vues/0/")[1]
    personal.clear()
    for _reader in range(2):
        assert send(layer, "/vues/0/")[1] == [("Cache-Control", "no-store")]


def test_a_server_that_changes_the_headers_changes_no_later_answer(layer: Layer) -> None:
    path = f"/vues/{make_article().pk}/"
    first = [*send(layer, path)[1]]
    for _reader in range(2):
        send(layer, path)[1].append(("Set-Cookie", "a=b"))
    assert send(layer, path)[1] == first


def test_staff_are_not_counted_by_the_layer_either(layer: Layer) -> None:
    article = make_article()
    key = logged_in(make_user("redaction")).cookies["sessionid"].value
    for _time in range(2):
        send(layer, f"/vues/{article.pk}/", COOKIE=f"sessionid={key}")
    send(layer, f"/vues/{article.pk}/")
    send(layer, f"/vues/{article.pk}/", COOKIE=f"a=b; sessionid={key}")
    assert views(article) == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/vues/{}/", {}, "405"),
        ("POST", "/vues/{}", {}, "301"),
        ("POST", "/vues/{}/x", {}, "404"),
        ("POST", "/vues/-{}/", {}, "404"),
        ("POST", "/vues/99999999999999999999/", {}, "204"),
        ("POST", "/vues/{}/", {"SEC_FETCH_SITE": "cross-site"}, "204"),
        ("POST", "/vues/{}/", {"SEC_FETCH_SITE": "same-site"}, "204"),
        ("POST", "/vues/{}/", {"SEC_FETCH_SITE": "", "ORIGIN": "https://pirate.exemple"}, "204"),
    ],
)
def test_what_is_not_plainly_a_beacon_is_django_s(
    layer: Layer, method: str, path: str, headers: dict[str, str], status: str
) -> None:
    article = make_article()
    send(layer, "/vues/0/")
    assert send(layer, path.format(article.pk), method, **headers)[0].startswith(status)
    assert (layer.asked, views(article)) == (2, 0)


def test_the_layer_and_the_view_give_the_same_headers(layer: Layer, client: Client) -> None:
    path = f"/vues/{make_article().pk}/"
    send(layer, path)
    view = client.post(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert dict(send(layer, path)[1]) == dict(view.items())
