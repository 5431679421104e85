"""The pages of figures and of the export, and the history beside a comment: on any screen, for any reader."""

import json

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.comments.helpers import QUEUE
from tests.factories import decide, make_comment, make_user

FIGURES = f"{QUEUE}chiffres/"
EXPORT = "/admin/comments/decision/exporter/"


@pytest.fixture
def chief(transactional_db: None) -> User:
    """Return a chief moderator, with a comment that was decided and came back, and others of every kind."""
    for action, reason in (("approve", ""), ("reject", "insult"), ("reject", "hate"), ("mark_as_spam", "")):
        decide(make_comment(), action, reason=reason)
    decide(decide(make_comment(), "reject", reason="personal_data"), "return_to_queue")
    decide(make_comment(), "escalate", explanation="Un doute.")
    return make_user("cheffe", groups=["Modération en chef"])


def test_the_pages_are_accessible_and_fit(page: Page, chief: User) -> None:
    log_in(page, chief)
    found = {}
    for path, part in ((FIGURES, ".figures"), (EXPORT, ".export"), (QUEUE, ".past")):
        page.goto(path)
        for past in page.locator("details.past").all():
            past.locator("summary").click()
        found[path] = faults(page, part, looks=LOOKS)
    assert {path: listed for path, listed in found.items() if listed} == {}


SCROLLED = """() => new Promise((done) => {
    const look = () => (document.activeElement.scrollLeft > 0 ? done() : requestAnimationFrame(look));
    look();
})"""


def test_the_table_of_figures_is_reached_and_moved_by_keyboard(page: Page, chief: User) -> None:
    log_in(page, chief)
    page.goto(FIGURES)
    table = page.get_by_role("region", name="Les mêmes chiffres, jour par jour")
    table.focus()
    page.keyboard.press("ArrowRight")

    page.evaluate(SCROLLED)


def test_an_export_is_downloaded_without_javascript(plain_page: Page, chief: User) -> None:
    log_in(plain_page, chief)
    plain_page.goto(EXPORT)
    plain_page.get_by_label("Toutes les décisions, sans autre critère").check()
    plain_page.get_by_label("JSON, au caractère près").check()
    with plain_page.expect_download() as download:
        plain_page.get_by_role("button", name="Exporter").click()

    assert download.value.suggested_filename == "decisions.json"
    assert len(json.loads(download.value.path().read_text(encoding="utf-8"))) == 7
