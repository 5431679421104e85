"""The moderators' desk by keyboard alone, and without JavaScript: decisions in place, and taken back."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comments.models import Comment
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.comments.helpers import QUEUE, make_many
from tests.factories import make_user


@pytest.fixture
def moderator(transactional_db: None) -> User:
    """Return a moderator who has sixty comments before them."""
    make_many(60, status="pending")
    return make_user("moderatrice", groups=["Modérateurs"])


@pytest.fixture
def desk(page: Page, moderator: User) -> Page:
    """Return the desk in a wide window, the moderator logged in."""
    page.set_viewport_size({"width": 1440, "height": 900})
    log_in(page, moderator)
    page.goto(QUEUE)
    expect(page.locator("#result_list tr[aria-current] .sender")).to_have_text("Voix 0")
    return page


def statuses() -> list[str]:
    """Return the statuses of the comments, the oldest first."""
    return list(Comment.objects.oldest_first().values_list("status", flat=True))


def current(page: Page) -> str:
    """Return who wrote the comment that one is at."""
    return page.locator("#result_list tr[aria-current] .sender").inner_text()


def test_fifty_comments_are_decided_in_at_most_sixty_keystrokes(desk: Page) -> None:
    ten = ["a", "a", "s", "a", "r", "2", "a", "a", "a", "s", "a"]
    keys = ten * 5
    for _turn in range(5):
        # Who reads what they decide about is no faster than the next page of the list.
        expect(desk.locator("#result_list tbody tr").nth(len(ten))).to_be_visible()
        for key in ten:
            desk.keyboard.press(key)
    expect(desk.locator("#result_list tr[aria-current] .sender")).to_have_text("Voix 50")
    expect(desk.locator("[data-status]")).to_contain_text("Voix 49")

    assert len(keys) <= 60
    assert (
        statuses()
        == (["approved"] * 2 + ["spam", "approved", "rejected"] + ["approved"] * 3 + ["spam", "approved"]) * 5
        + ["pending"] * 10
    )
    assert set(Comment.objects.filter(status="rejected").values_list("decisions__reason", flat=True)) == {"insult"}


def test_one_moves_and_takes_back_by_keyboard(desk: Page) -> None:
    for key in "jjk":
        desk.keyboard.press(key)
    assert current(desk) == "Voix 1"
    expect(desk.locator("#result_list tr[aria-current]")).to_be_focused()
    desk.keyboard.press("a")
    expect(desk.locator("[data-status]")).to_contain_text("Publié : Voix 1")
    assert current(desk) == "Voix 2"

    desk.keyboard.press("u")
    expect(desk.locator("[data-status]")).to_contain_text("Décision annulée : Voix 1")
    assert current(desk) == "Voix 1"
    assert statuses()[1] == "pending"
    desk.keyboard.press("s")
    expect(desk.locator("[data-status]")).to_contain_text("Indésirable : Voix 1")
    assert statuses()[1] == "spam"


def test_what_is_ticked_is_decided_together(desk: Page) -> None:
    for key in "xjxjxa":
        desk.keyboard.press(key)
    expect(desk.locator("[data-status]")).to_contain_text("Voix 0, Voix 1, Voix 2")

    assert statuses()[:4] == ["approved"] * 3 + ["pending"]
    assert current(desk) == "Voix 3"


def test_the_button_of_a_row_leaves_what_is_ticked_alone(desk: Page) -> None:
    for key in "xjxj":
        desk.keyboard.press(key)
    desk.locator("#result_list tbody tr").nth(3).get_by_role("button", name="Publier", exact=True).click()
    expect(desk.locator("[data-status]")).to_have_text("Publié : Voix 3")

    assert statuses()[:5] == ["pending"] * 3 + ["approved", "pending"]
    expect(desk.locator(".action-select:checked")).to_have_count(2)


def test_a_note_goes_to_the_director(desk: Page) -> None:
    desk.keyboard.press("e")
    desk.keyboard.type("Est-ce encore de la satire ?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-status]")).to_contain_text("Transmis à la direction : Voix 0")

    escalated = Comment.objects.get(escalated_at__isnull=False)
    assert escalated.decisions.get().evidence.explanation == "Est-ce encore de la satire ?"


def test_another_reason_asks_for_words(desk: Page) -> None:
    for key in "r8":
        desk.keyboard.press(key)
    desk.keyboard.type("Signé du nom d’un autre.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-status]")).to_contain_text("Refusé : Voix 0")

    assert Comment.objects.get(status="rejected").decisions.get().reason == "other"


def test_escape_decides_nothing(desk: Page) -> None:
    for keys in (["r", "Escape"], ["e", "Escape"]):
        for key in keys:
            desk.keyboard.press(key)
    assert current(desk) == "Voix 0"
    assert set(statuses()) == {"pending"}


def test_a_note_that_one_does_not_send_is_kept(desk: Page) -> None:
    desk.keyboard.press("e")
    desk.keyboard.type("À moitié écrit")
    desk.keyboard.press("Escape")
    for key in ("j", "e"):
        desk.keyboard.press(key)
    expect(desk.get_by_role("dialog").get_by_role("textbox")).to_have_value("")
    for key in ("Escape", "k", "e"):
        desk.keyboard.press(key)
    expect(desk.get_by_role("dialog").get_by_role("textbox")).to_have_value("À moitié écrit")


def test_a_page_that_could_not_be_brought_in_is_gone_to(desk: Page) -> None:
    desk.route(
        "**/*p=apres*",
        lambda route: (
            route.fulfill(status=500, content_type="text/html", body="panne")
            if route.request.resource_type == "fetch"
            else route.continue_()
        ),
    )
    for key in "Xa":
        desk.keyboard.press(key)
    desk.wait_for_url("**p=apres*")
    expect(desk.locator("#result_list tr[aria-current] .sender")).to_have_text("Voix 25")
    assert statuses() == ["approved"] * 25 + ["pending"] * 35


def test_a_number_goes_with_its_noun(desk: Page) -> None:
    # Read at once: the desk asks the server for the true numbers, too.
    show = """lanes => import('/static/js/desk-rows.js').then((rows) => {
        rows.showNumbers(lanes);
        return ["#changelist-count", "nav.pages p", ".desk-figures div"].map(
            (place) => document.querySelector(place).innerText.trim().split(/\\s+/).join(" "));
    })"""
    for number, count, said in (
        (0, "0 commentaire", "À décider 0"),
        (1, "1 commentaire", "À décider 1 + 1 probablement indésirable + 1 transmis à la direction"),
        (2, "2 commentaires", "À décider 2 + 2 probablement indésirables + 2 transmis à la direction"),
    ):
        assert desk.evaluate(show, dict.fromkeys(Comment.Lane.values, number)) == [count, count, said]


def test_a_colleague_who_was_faster_is_named_and_the_comment_comes_back(
    desk: Page, browser: Browser, live_server: LiveServer
) -> None:
    colleague = browser.new_context(base_url=live_server.url, locale="fr-FR").new_page()
    log_in(colleague, make_user("collegue", groups=["Modérateurs"]))
    colleague.goto(QUEUE)
    colleague.keyboard.press("a")
    expect(colleague.locator("[data-status]")).to_contain_text("Voix 0")
    colleague.context.close()

    desk.keyboard.press("s")
    expect(desk.locator("[data-alert]")).to_contain_text("collegue a été plus rapide")
    expect(desk.locator(".sender", has_text="Voix 0").first).to_be_visible()
    assert statuses()[0] == "approved"


def test_a_server_that_does_not_answer_loses_no_comment(desk: Page) -> None:
    desk.route(
        "**/admin/comments/comment/",
        lambda route: (
            route.fulfill(status=500, content_type="text/html", body="panne")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    desk.keyboard.press("a")
    expect(desk.locator("[data-alert]")).to_contain_text("n’a pas pu être enregistrée")
    expect(desk.locator("#result_list tbody tr").first).to_contain_text("Voix 0")
    assert set(statuses()) == {"pending"}


def test_shortcuts_can_be_switched_off(desk: Page) -> None:
    desk.get_by_label("Raccourcis clavier").uncheck()
    desk.locator("h1").first.click()
    desk.keyboard.press("a")
    desk.reload()
    desk.keyboard.press("a")
    expect(desk.get_by_label("Raccourcis clavier")).not_to_be_checked()
    assert set(statuses()) == {"pending"}


def test_the_keys_are_explained(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Décider au clavier")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.keyboard.press("a")
    expect(desk.locator("[data-status]")).to_contain_text("Voix 0")


def test_without_javascript_the_buttons_decide(plain_page: Page, moderator: User) -> None:
    log_in(plain_page, moderator)
    plain_page.goto(QUEUE)
    plain_page.locator("#result_list tbody tr").first.get_by_role("button", name="Publier", exact=True).click()
    expect(plain_page.locator(".messagelist")).to_contain_text("« Publier » : 1 commentaire.")
    plain_page.locator("#result_list tbody tr").first.get_by_role("button", name="Refuser").click()
    plain_page.select_option("#reason", "off_topic")
    plain_page.get_by_role("button", name="Refuser").click()
    expect(plain_page.locator(".messagelist")).to_contain_text("« Refuser » : 1 commentaire.")

    assert statuses()[:3] == ["approved", "rejected", "pending"]


def test_the_desk_is_accessible(desk: Page) -> None:
    found = {}
    for opened in ("nothing", "r", "?"):
        if opened != "nothing":
            desk.keyboard.press(opened)
        found[opened] = faults(desk, looks=LOOKS)
        desk.keyboard.press("Escape")
    assert {opened: listed for opened, listed in found.items() if listed} == {}
