"""Secrets that are known, sent through every door; then the whole log is read, and holds none of them."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.test import Client

from articles import publishing
from articles.beacon import Beacon
from comments import views
from comments.models import Comment, Decision
from multitude.pagecache import PageCache
from multitude.sight import loglines
from multitude.sight.observing import Observed
from tests.comments.helpers import QUEUE
from tests.factories import PASSWORD, decide, logged_in, make_article, make_comment, make_draft, make_user

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "secrete.lectrice@domaine-secret.example"
NAME = "Zéphyrine Secrète"
TEXT = "Un texte que personne ne doit lire dans un journal."
ADDRESS = "198.51.100.77"
QUERY = "maladie-secrete"


class Site:
    """The site as the server sees it, every layer of it, and all that it logs."""

    def __init__(self) -> None:
        self.log = io.StringIO()
        self.writer = loglines.Writer(as_json=True)
        observed = partial(Observed, log="all", writer=self.writer)
        django = Beacon(get_wsgi_application())
        self.site = PageCache(django, megabytes=8, observed=observed, tell_hit=self.writer.put_hit)

    def ask(self, method: str, address: str, form: dict[str, str] | None = None, **environ: str) -> int:
        """Send a request as an unfriendly stranger would, and return the status of the answer."""
        parts = urlsplit(address)
        body = urlencode(form or {}).encode()
        status: list[int] = []
        scope: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_HOST": "127.0.0.1",
            "HTTP_USER_AGENT": f"Navigateur {TEXT}",
            "HTTP_REFERER": f"https://ailleurs.example/?q={QUERY}",
            "HTTP_COOKIE": f"sessionid={EMAIL}",
            "HTTP_X_FORWARDED_FOR": ADDRESS,
            "HTTP_X_REQUEST_ID": EMAIL,
            "REMOTE_ADDR": ADDRESS,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": self.log,
        }

        def start_response(line: str, headers: list[tuple[str, str]], *exc_info: object) -> None:
            status.append(int(line[:3]))

        chunks = self.site(scope | environ, start_response)
        b"".join(chunks)
        getattr(chunks, "close", lambda: None)()
        return status[-1]

    def told(self) -> str:
        """Return the whole log, of requests and of all else; each line is one JSON object."""
        text = self.log.getvalue() + "".join(self.writer.lines())
        for line in text.splitlines():
            assert json.loads(line)["time"]
        return text


@pytest.fixture
def site() -> Iterator[Site]:
    """Listen to every logger, at every level that the site has."""
    site = Site()
    handler = logging.StreamHandler(site.log)
    handler.setFormatter(loglines.Json())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield site
    root.removeHandler(handler)
    root.setLevel(level)


def nothing_leaked(log: str, *more: str) -> None:
    """Check that none of the known secrets stands in a log, nor what else a test knows."""
    for secret in (
        EMAIL,
        "domaine-secret",
        NAME,
        "Zéphyrine",
        TEXT,
        "personne ne doit",
        ADDRESS,
        QUERY,
        PASSWORD,
        *more,
    ):
        assert secret not in log, secret
        assert json.dumps(secret)[1:-1] not in log, secret


def send(site: Site, path: str, **values: str) -> int:
    fields = {"author_name": NAME, "author_email": EMAIL, "body": TEXT, "website": ""} | values
    return site.ask("POST", f"{path}commentaires/", fields)


def test_a_comment_leaves_its_number_alone(site: Site) -> None:
    article = make_article()
    assert send(site, article.get_absolute_url()) == 303
    comment = Comment.objects.get()
    assert site.ask("GET", comment.get_absolute_url()) == 200
    assert site.ask("GET", f"{comment.get_absolute_url()}rien/") == 404
    log = site.told()
    nothing_leaked(log, comment.follow_up_key, comment.submission_digest or "-")
    acts = [json.loads(line) for line in log.splitlines()]
    [act] = [line for line in acts if line["event"] == "comment.submit"]
    assert (act["comment"], act["article"]) == (comment.pk, article.pk)
    assert act["request"] in [line["request"] for line in acts if line["event"] == "request" and line["status"] == 303]


def test_comments_that_are_refused_leave_nothing(site: Site, settings: Any) -> None:
    settings.COMMENT_RATE = (1, 600)
    article = make_article()
    path = article.get_absolute_url()
    assert send(site, path, author_email=f"{EMAIL} {TEXT}") == 422
    assert send(site, path) == 303
    assert send(site, path, body=f"{TEXT} Encore.") == 429
    assert site.ask("POST", f"{path}commentaires/", {"body": TEXT}, HTTP_SEC_FETCH_SITE="cross-site") == 403
    assert send(site, "/articles/nulle-part/") == 404
    nothing_leaked(site.told())


def test_a_comment_that_meets_a_fault_leaves_places_in_the_code(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"{EMAIL}: '{TEXT}'\nDETAIL: {NAME}, {ADDRESS}")

    monkeypatch.setattr(views, "_receive", fail)
    assert send(site, make_article().get_absolute_url()) == 500
    log = site.told()
    nothing_leaked(log)
    assert "test_log_secrets.py" in log
    [line] = [line for line in map(json.loads, log.splitlines()) if "exception" in line]
    assert line["exception"].startswith("RuntimeError")
    assert line["request"]


def test_a_database_that_is_away_says_nothing_of_who_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = make_comment(author_email=EMAIL, body=TEXT, author_name=NAME)

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError(f"connection lost\nDETAIL: Failing row contains ({EMAIL}, {TEXT})")

    monkeypatch.setattr(views, "get_object_or_404", away)
    monkeypatch.setattr("comments.views._receive", away)
    assert site.ask("GET", comment.get_absolute_url()) == 503
    assert send(site, comment.article.get_absolute_url()) == 503
    nothing_leaked(site.told(), comment.follow_up_key)


def test_readers_addresses_leave_no_trace(site: Site) -> None:
    article = make_article()
    for method, address in [
        ("GET", f"/recherche/?q={QUERY}"),
        ("GET", f"/recherche/?q={EMAIL}&page=9"),
        ("GET", f"/{EMAIL}/{TEXT}/"),
        ("GET", f"/articles/{QUERY}/"),
        ("GET", f"{article.get_absolute_url()}?{QUERY}={EMAIL}"),
        ("GET", f"/?q={QUERY}"),
        ("GET", f"/?q={QUERY}"),
        ("HEAD", f"/{QUERY}"),
        (f"X{QUERY}", "/"),
        ("POST", f"/vues/{article.pk}/"),
        ("GET", f"/static/{QUERY}.css"),
        ("GET", f"/media/{QUERY}/{EMAIL}.jpg"),
        ("GET", f"/sante/?{QUERY}"),
    ]:
        site.ask(method, address)
    site.ask("GET", "/", HTTP_HOST=f"{QUERY}.example")
    nothing_leaked(site.told())


def test_a_fault_on_a_public_page_leaves_no_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise KeyError(EMAIL)

    monkeypatch.setattr("articles.views.render", fail)
    assert site.ask("GET", f"/?q={QUERY}") == 500
    nothing_leaked(site.told())


def test_a_preview_leaves_no_token(site: Site) -> None:
    link = publishing.give_preview(article_id=make_draft(headline=TEXT).pk, lifetime=timedelta(hours=1))
    token = link.path.strip("/").split("/")[-1]
    assert site.ask("GET", f"/apercu/{token}/") == 200
    assert site.ask("GET", f"/apercu/{token}x/") == 404
    nothing_leaked(site.told(), token)


def test_who_logs_in_leaves_neither_name_nor_password(site: Site) -> None:
    make_user("redactrice", email=EMAIL)
    for username in ("redactrice", EMAIL):
        form = {"username": username, "password": PASSWORD if username == EMAIL else TEXT, "next": f"/admin/?q={QUERY}"}
        site.ask("POST", "/admin/login/", form)
        Client().post("/admin/login/", form)
    nothing_leaked(site.told())


def test_the_desk_s_acts_name_keys_alone(site: Site, admin_user: User) -> None:
    comment = make_comment(author_email=EMAIL, body=TEXT, author_name=NAME, client_network=ADDRESS)
    client = logged_in(admin_user)
    client.get(f"{QUEUE}?q={EMAIL}&email={EMAIL}")
    client.get(f"{QUEUE}{comment.pk}/change/")
    decide(comment, "reject", reason="other", explanation=TEXT, moderator=admin_user)
    decide(comment, "return_to_queue", moderator=admin_user)
    decide(comment, "approve")
    publishing.publish(article_id=make_draft(headline=TEXT, body=f"<p>{TEXT}</p>").pk, by=admin_user)
    client.post("/admin/comments/decision/exporter/", {"format": "json", "email": EMAIL, "author": NAME}).close()
    log = site.told()
    nothing_leaked(log, comment.follow_up_key)
    events = [json.loads(line) for line in log.splitlines()]
    [rejected] = [line for line in events if line["event"] == "comment.reject"]
    assert (rejected["comment"], rejected["user"], rejected["reason"]) == (comment.pk, admin_user.pk, "other")
    assert {"comment.approve", "comment.return_to_queue", "article.published"} <= {line["event"] for line in events}
    assert Decision.objects.count() == 3
