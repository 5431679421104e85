"""Two moderators side by side on the same queue, and all that match decided by keyboard."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comments.desk import presence
from comments.models import Comment, Decision
from tests.browser.session import log_in
from tests.comments.helpers import QUEUE, make_many
from tests.factories import make_user

HERE = "#result_list tr[aria-current] .sender"


@pytest.fixture
def moderator(transactional_db: None) -> User:
    """Return a moderator who has sixty comments before them."""
    make_many(60, status="pending")
    return make_user("moderatrice", first_name="Zoé", groups=["Modérateurs"])


@pytest.fixture
def desk(page: Page, moderator: User) -> Page:
    """Return the desk in a wide window, the moderator logged in."""
    page.set_viewport_size({"width": 1440, "height": 900})
    log_in(page, moderator)
    page.goto(QUEUE)
    expect(page.locator(HERE)).to_have_text("Voix 0")
    return page


@pytest.fixture
def other_desk(desk: Page, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return the desk of a colleague, in a browser of their own, opened after the first."""
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, make_user("collegue", first_name="Tom", groups=["Modérateurs"]))
    page.goto(QUEUE)
    expect(page.locator(HERE)).to_have_text("Voix 0")
    yield page
    context.close()


def test_each_sees_that_the_other_reads_the_same(desk: Page, other_desk: Page) -> None:
    first = "#result_list tbody tr:first-child .presence"
    expect(other_desk.locator(first)).to_have_text("A aussi ce commentaire sous les yeux : Zoé")
    desk.keyboard.press("j")
    expect(desk.locator(first)).to_have_text("A aussi ce commentaire sous les yeux : Tom")
    assert not Decision.objects.exists()

    presence.tell(make_user("ana", first_name="Ana"), Comment.objects.values_list("pk", flat=True))
    desk.keyboard.press("j")
    expect(desk.locator(first)).to_have_text("Ont aussi ce commentaire sous les yeux : Ana, Tom")


def test_what_a_colleague_passed_on_is_said_to_be_so_and_cannot_be_decided(desk: Page, other_desk: Page) -> None:
    other_desk.keyboard.press("e")
    other_desk.keyboard.type("Est-ce de la satire ?")
    other_desk.keyboard.press("Control+Enter")
    expect(other_desk.locator("[data-status]")).to_contain_text("Transmis à la direction : Voix 0")
    passed_on = other_desk.locator("[data-needs=escalated]")
    expect(passed_on).to_be_visible()
    expect(passed_on).to_have_text("+ 1 transmis à la direction")

    for key in "jk":
        desk.keyboard.press(key)
    said = "Ce commentaire a changé entre-temps : transmis à la direction."
    expect(desk.locator("#result_list tbody tr:first-child .refusal")).to_have_text(f"{said} Recharger la page")
    expect(desk.locator("[data-needs=escalated]")).to_be_visible()
    desk.keyboard.press("a")
    expect(desk.locator("[data-alert]")).to_have_text(said)
    assert not Comment.objects.filter(status="approved").exists()


def test_what_both_decide_is_decided_once_and_the_slower_one_is_told(desk: Page, other_desk: Page) -> None:
    for _turn in range(5):
        desk.keyboard.press("a")
        other_desk.keyboard.press("s")
    other_desk.keyboard.press("s")
    for page in (desk, other_desk):
        page.wait_for_load_state("networkidle")
    expect(other_desk.locator("[data-status]")).to_contain_text("Voix 5")

    assert Decision.objects.count() == 6
    assert Comment.objects.exclude(status="pending").count() == 6
    told = [words for page in (desk, other_desk) for words in page.locator(".refusal").all_inner_texts()]
    # A slow desk may hear beforehand that the sixth was decided.
    assert len([words for words in told if "a été plus rapide" in words]) == 5


def test_all_that_match_are_decided_by_four_keys(desk: Page) -> None:
    desk.keyboard.press("X")
    expect(desk.locator(".action-counter")).to_contain_text("25 sur 25")
    desk.keyboard.press("X")
    expect(desk.locator(".actions .all").first).to_be_visible()
    for key in "r4":
        desk.keyboard.press(key)
    expect(desk.locator(".messagelist")).to_contain_text("« Refuser » : 60 commentaires.")

    reasons = Decision.objects.filter(reason="advertising").count()
    assert (reasons, Comment.objects.filter(status="rejected").count()) == (60, 60)


def test_those_that_were_brought_in_are_ticked_and_counted_too(desk: Page) -> None:
    for _turn in range(10):
        desk.keyboard.press("a")
    expect(desk.locator("#result_list tbody tr")).to_have_count(40)
    desk.locator("#action-toggle").check()
    expect(desk.locator(".action-counter")).to_contain_text("40 sur 40")
    desk.keyboard.press("s")
    expect(desk.locator("[data-status]")).to_contain_text("Voix 49")

    assert Comment.objects.filter(status="spam").count() == 40
