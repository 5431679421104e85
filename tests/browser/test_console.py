"""Every page there is, in a browser: nothing in its console, and nothing that the policy of the page had to stop."""

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page
from pytest_django import Settings

from articles import views
from comments.models import Comment
from tests.browser.session import log_in
from tests.factories import make_article, make_user
from tests.hostile import routes, small

# Django's own page of a password's hash leaves a variable open.
pytestmark = pytest.mark.ignore_template_errors
# A browser tells of each answer that is no success as if it were a fault of the page.
STATUS = re.compile(
    r"Failed to load resource: the server responded with a status of (400|403|404|405|409|410|413|422|429|500|503) "
)
# Whether Django's script or the browser is the faster to focus the first field of a form, it is the same field.
FOCUSED = "Autofocus processing was blocked because a document already has a focused element."
LISTEN = (
    "addEventListener('securitypolicyviolation', e => told(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`), true)"
)
# What answers with a file, or leads elsewhere at once; the account must stay logged in.
NO_PAGES = {"logout", "view_on_site"}


@pytest.fixture
def heard(page: Page, settings: Settings) -> list[str]:
    """Return what the console says and the policy stops, each with the page that it was on."""
    found: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # What Chromium advises is no fault.
        if str(message.type) != "verbose" and not STATUS.match(message.text) and message.text != FOCUSED:
            found.append(f"{page.url} {message.type} {message.text}")

    page.expose_function("told", lambda said: found.append(f"{page.url} policy {said}"))
    page.add_init_script(LISTEN)
    page.on("console", listen)
    page.on("pageerror", lambda error: found.append(f"{page.url} {error}"))
    # As over TLS, where browsers look at more; Chromium takes this machine's own address for safe.
    settings.SECURE_HSTS_SECONDS = 31_536_000
    return found


def visit(page: Page, paths: list[str]) -> dict[str, int]:
    """Open each page, and return the status of each."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer
        found[path] = answer.status
    return found


def test_no_page_of_readers_says_anything_in_the_console(
    transactional_db: None, page: Page, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small.write()
    article = make_article(slug="retire", first_published_at=timezone.now(), unpublished_at=timezone.now())
    # A browser shows a picture in a page of its own making, whose style our policy stops: no page of ours, and none is lost.
    pages = [
        route.path for route in routes.every() if not route.is_inside and route.name not in {"favicon", "picture_file"}
    ]
    statuses = visit(
        page, [*pages, "/nulle/part/", article.get_absolute_url(), "/vues/1/", f"/recherche/?{'a=b&' * 6_000}"]
    )
    assert set(statuses.values()) == {200, 400, 404, 405, 410}
    assert sum(status == 200 for status in statuses.values()) >= 35
    comment = Comment.objects.approved().filter(parent=None).first()
    visit(page, [f"{comment.article.get_absolute_url()}commentaires/?parent={comment.pk}"])
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    page.get_by_role("alert").first.wait_for()
    monkeypatch.setattr(views.archives, "public_years", lambda: 1 / 0)
    assert visit(page, ["/archives/"]) == {"/archives/": 500}
    monkeypatch.setattr(views.archives, "public_years", _away)
    assert visit(page, ["/archives/"]) == {"/archives/": 503}
    assert not heard, "\n".join(heard)


def test_no_page_of_the_newsroom_says_anything_in_the_console(
    transactional_db: None, page: Page, heard: list[str]
) -> None:
    small.write()
    visit(page, ["/admin/login/"])
    log_in(page, make_user("cheffe", groups=["Modérateurs", "Rédacteurs"], is_superuser=True))
    inside = [route for route in routes.every() if route.is_inside and route.name not in NO_PAGES]
    statuses = visit(page, [route.path for route in inside])
    popups = [f"{route.path}?_popup=1" for route in inside if route.name.endswith(("_add", "_changelist"))]
    statuses |= visit(
        page, [*popups[:6], "/admin/comments/comment/?lane=none", "/admin/articles/article/999999/change/"]
    )
    assert sum(status == 200 for status in statuses.values()) >= 70
    assert max(statuses.values()) < 500
    log_in(page, make_user("moderatrice", groups=["Modérateurs"]))
    assert visit(page, ["/admin/auth/user/"]) == {"/admin/auth/user/": 403}
    assert not heard, "\n".join(heard)


def _away() -> Any:
    raise OperationalError("away")
