"""What nginx and Varnish say in Multitude's place: as protected as what Multitude says, and in French."""

from pathlib import Path

import pytest
from pytest_django import Settings

from multitude import protection
from tests.frontcaches.programs import Answer, Program
from tests.frontcaches.site import PUBLIC, FakeSite
from tests.frontcaches.test_nginx_passing import logged
from tests.frontcaches.test_nginx_tls import curl

FRENCH = {
    301: "Cette page est à une autre adresse",
    400: "Cette demande n’est pas lisible",
    404: "Cette page n’existe pas",
    405: "ne répond pas à une demande de cette sorte",
    413: "dépasse la taille permise",
    414: "Cette demande n’est pas lisible",
    501: "Cette demande n’est pas lisible",
    503: "Le journal ne répond pas",
    505: "Cette demande n’est pas lisible",
}
HOST = b"Host: exemple.fr\r\n"
WWW = b"Host: www.exemple.fr\r\n"
# More than nginx reads, and no more than one record of TLS: it hangs up on whoever still sends.
LINE = b"x" * 12_000
LONG = b"X-Long: " + LINE + b"\r\n"
BODY = b"x" * 2_000_000
WHOLE = b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
# In a request, @ is the address of a page.
OVER_TLS = {
    "www": (301, b"GET @?page=2 HTTP/1.1\r\n" + WWW + b"\r\n"),
    "www, of the desk": (301, b"GET /admin@ HTTP/1.1\r\n" + WWW + b"\r\n"),
    "www, a long header": (400, b"GET @ HTTP/1.1\r\n" + WWW + LONG + b"\r\n"),
    "a large body": (413, b"POST @ HTTP/1.1\r\n" + HOST + WHOLE),
    "a large body in pieces": (413, b"POST @ HTTP/1.1\r\n" + HOST + CHUNKED),
    "a large body for one comment": (413, b"POST /commentaires@ HTTP/1.1\r\n" + HOST + WHOLE),
    "a long header": (400, b"GET @ HTTP/1.1\r\n" + HOST + LONG + b"\r\n"),
    "a long address": (414, b"GET @?" + LINE + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "no address": (400, b"N'IMPORTE QUOI\r\n\r\n"),
    "a method in small letters": (400, b"get @ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "no host": (400, b"GET @ HTTP/1.1\r\n\r\n"),
    "another protocol": (505, b"GET @ HTTP/9.1\r\n" + HOST + b"\r\n"),
    "another coding": (501, b"POST @ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n"),
    "a method that nginx refuses": (405, b"TRACE @ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a method that files refuse": (405, b"POST /static/css/essai.css HTTP/1.1\r\n" + HOST + b"\r\n"),
    "nginx's own page": (404, b"GET /reponse-de-nginx HTTP/1.1\r\n" + HOST + b"\r\n"),
}
WITHOUT_TLS = {
    "a page": (301, b"GET @ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "www": (301, b"GET @ HTTP/1.1\r\n" + WWW + b"\r\n"),
    "a long header": (400, b"GET @ HTTP/1.1\r\n" + HOST + LONG + b"\r\n"),
    "no address": (400, b"N'IMPORTE QUOI\r\n\r\n"),
    "another method": (405, b"TRACE @ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "no challenge": (404, b"GET /.well-known/acme-challenge@ HTTP/1.1\r\n" + HOST + b"\r\n"),
}
OF_VARNISH = {
    "another method": (405, b"BREW @ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "no host": (400, b"GET @ HTTP/1.1\r\n\r\n"),
}
STYLE = b"body { color: black }"
NEWS = ["/", "/admin/", "/commentaires/", "/media/", "/static/"]


@pytest.fixture(autouse=True)
def _tls(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000


@pytest.fixture
def style(nginx: Program) -> str:
    """Return the address of a style sheet that nginx sends."""
    folder = nginx.folder / "releases/current/staticfiles/css"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "essai.css").write_bytes(STYLE)
    return "/static/css/essai.css"


def unprotected(answer: Answer, over_tls: bool = True, path: str = "/") -> dict[str, str | None]:
    """Return what is not there, or weaker than on Multitude's own answers; HSTS counts over TLS alone (RFC 6797, 7.2)."""
    expected: dict[str, str | None] = {name.lower(): value for name, value in protection.without_django(path)}
    expected["content-security-policy"] = "default-src 'none'; frame-ancestors 'none'"
    if not over_tls:
        expected["strict-transport-security"] = None
    return {name: answer.headers.get(name) for name, value in expected.items() if answer.headers.get(name) != value}


def is_french(answer: Answer) -> bool:
    """Return whether an answer is a page of ours that says what happened."""
    text = answer.body.decode()
    return text.startswith('<!doctype html><html lang="fr">') and FRENCH[answer.status] in text and "nginx" not in text


@pytest.mark.usefixtures("site", "style")
@pytest.mark.parametrize("what", OVER_TLS)
def test_what_nginx_says_is_protected_and_french(nginx: Program, path: str, what: str) -> None:
    status, request = OVER_TLS[what]
    request = request.replace(b"@", path.encode(), 1)
    answer = nginx.send(request)
    assert answer.status == status
    assert unprotected(answer, path=request.split(b" ")[1].decode()) == {}
    assert is_french(answer)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers.get("cache-control") == (None if status == 301 else "no-store")


def test_a_large_body_over_http_2_is_refused_in_french(nginx: Program, path: str, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(BODY)
    answer = curl(nginx, path, "--http2", "--data-binary", f"@{tmp_path / 'body'}")
    assert answer.startswith("HTTP/2 413")
    assert FRENCH[413] in answer
    assert answer.count("content-security-policy: default-src 'none'") == 1


@pytest.mark.parametrize("what", WITHOUT_TLS)
def test_what_nginx_says_without_tls_is_protected_and_french(nginx: Program, path: str, what: str) -> None:
    status, request = WITHOUT_TLS[what]
    answer = Program(nginx.redirecting_port, nginx.folder).send(request.replace(b"@", path.encode(), 1))
    assert answer.status == status
    assert unprotected(answer, over_tls=False) == {}
    assert is_french(answer)


def test_without_tls_on_the_port_of_tls_one_is_told_so_in_french(nginx: Program, path: str) -> None:
    answer = Program(nginx.tls_port, nginx.folder).ask(path)
    assert answer.status == 400
    assert is_french(answer)
    assert {"strict-transport-security"} >= set(unprotected(answer))


def test_www_is_kept_to_tls_as_well_and_leads_on(nginx: Program, path: str) -> None:
    answer = nginx.send(b"GET %b?page=2 HTTP/1.1\r\n%b\r\n" % (path.encode(), WWW))
    assert answer.headers["location"] == f"https://exemple.fr{path}?page=2"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("part", [b"", b"Range: bytes=9-\r\n", b"Range: bytes=90000-\r\n"])
def test_a_file_that_nginx_sends_is_whole_and_protected(nginx: Program, style: str, part: bytes) -> None:
    answer = nginx.send(b"GET %b HTTP/1.1\r\n%b%b\r\n" % (style.encode(), HOST, part))
    assert (answer.status, answer.body) == (200, STYLE)
    assert unprotected(answer) == {}


@pytest.mark.parametrize("what", OF_VARNISH)
def test_what_varnish_says_is_protected_and_french(varnish: Program, path: str, what: str) -> None:
    status, request = OF_VARNISH[what]
    answer = varnish.send(request.replace(b"@", path.encode(), 1))
    assert answer.status == status
    assert unprotected(answer, over_tls=False) == {}
    assert is_french(answer)
    assert answer.headers["cache-control"] == "no-store"


def test_what_varnish_says_of_a_purge_is_protected(varnish: Program) -> None:
    refused = varnish.ask("/", "PURGE", X_Forwarded_For="203.0.113.9")
    assert (refused.status, refused.body) == (405, b"Not allowed\n")
    assert unprotected(refused, over_tls=False) == {}


def test_varnish_cannot_say_more_than_a_number_of_what_it_cannot_read(varnish: Program) -> None:
    answer = varnish.send(b"N'IMPORTE QUOI\r\n\r\n")
    assert (answer.status, answer.body) == (400, b"")


@pytest.mark.parametrize("folder", NEWS)
@pytest.mark.parametrize("front", ["nginx", "nginx_and_varnish"])
def test_while_the_site_is_away_readers_are_told_so(
    site: FakeSite, request: pytest.FixtureRequest, path: str, front: str, folder: str
) -> None:
    site.away = True
    program: Program = request.getfixturevalue(front)
    answer = program.send(b"GET %b HTTP/1.1\r\n%b\r\n" % ((folder + path[1:]).encode(), HOST))
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert answer.headers["cache-control"] == "no-store"
    assert unprotected(answer, path=folder) == {}
    assert is_french(answer)


@pytest.mark.parametrize("folder", NEWS)
@pytest.mark.parametrize("front", ["nginx", "nginx_and_varnish"])
@pytest.mark.parametrize("status", [200, 301, 400, 404, 405, 413])
def test_what_multitude_says_itself_is_left_as_it_is(
    site: FakeSite, request: pytest.FixtureRequest, path: str, front: str, folder: str, status: int
) -> None:
    page, own = folder + path[1:], dict(protection.without_django(folder))
    site.headers[page] = PUBLIC | own | {"Location": "/ailleurs/", "Content-Security-Policy": "default-src 'self'"}
    site.statuses[page] = status
    program: Program = request.getfixturevalue(front)
    for _ in range(2):
        answer = program.send(b"GET %b HTTP/1.1\r\n%b\r\n" % (page.encode(), HOST))
        assert (answer.status, answer.body.decode()) == (status, site.text(page))
        assert unprotected(answer, path=folder) == {"content-security-policy": "default-src 'self'"}


def test_the_key_of_a_follow_up_page_is_in_no_log_when_nginx_refuses(nginx: Program, path: str) -> None:
    key = b"/commentaires/clef-refusee/"
    for request in (
        b"POST %b HTTP/1.1\r\n%b%b" % (key, HOST, WHOLE),
        b"GET %b HTTP/1.1\r\n%b%b\r\n" % (key, HOST, LONG),
        b"GET %b HTTP/1.1\r\n%b\r\n" % (key, WWW),
        b"TRACE %b HTTP/1.1\r\n%b\r\n" % (key, HOST),
    ):
        assert nginx.send(request).status in FRENCH
    nginx.ask(path)
    assert "clef-refusee" not in logged(nginx, path) + (nginx.folder / "error.log").read_text()
