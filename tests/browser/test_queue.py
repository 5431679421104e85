"""The queue's pages: by keyboard, without JavaScript, on any screen; and all that match, truthfully named."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from comments.models import Comment
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.comments.helpers import QUEUE, make_many
from tests.factories import make_user


@pytest.fixture
def moderator(transactional_db: None) -> User:
    """Return a moderator who has more than a thousand comments before them."""
    make_many(1_010, status="pending")
    return make_user("moderatrice", groups=["Modérateurs"])


def names(page: Page) -> list[str]:
    """Return who wrote the first and the last comment of the page."""
    senders = page.locator(".sender")
    return [senders.first.inner_text(), senders.last.inner_text()]


def test_without_javascript_the_links_lead_through_the_queue(plain_page: Page, moderator: User) -> None:
    log_in(plain_page, moderator)
    plain_page.goto(QUEUE)
    met = [names(plain_page)]
    for words in ("Page suivante", "Dernière", "Page précédente", "Première"):
        plain_page.get_by_role("link", name=words, exact=True).click()
        met.append(names(plain_page))

    pairs = [(0, 24), (25, 49), (985, 1009), (960, 984), (0, 24)]
    assert met == [[f"Voix {first}", f"Voix {last}"] for first, last in pairs]


def test_the_links_work_by_keyboard(page: Page, moderator: User) -> None:
    log_in(page, moderator)
    page.goto(QUEUE)
    page.get_by_role("link", name="Page suivante").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Dernière")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**p=apres.*")

    assert names(page) == ["Voix 25", "Voix 49"]


def test_the_pages_are_accessible_and_fit(page: Page, moderator: User) -> None:
    log_in(page, moderator)
    page.goto(f"{QUEUE}?p=fin")

    assert faults(page, "nav.pages, nav.lanes, .criteria", looks=[*LOOKS, (820, "light")]) == []


def test_more_than_a_thousand_are_never_called_all(page: Page, moderator: User) -> None:
    log_in(page, moderator)
    page.goto(QUEUE)
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Sélectionner les 1 000 premiers commentaires").click()
    expect(page.locator(".actions .all").first).to_have_text("Les 1 000 premiers commentaires sont sélectionnés")
    page.select_option("[name=action]", "reject")
    page.get_by_role("button", name="Exécuter").click()

    expect(page.locator(".reason")).to_contain_text("1000 commentaires concernés.")
    expect(page.locator(".reason")).to_contain_text("Une action porte sur 1 000 commentaires au plus")
    assert Comment.objects.filter(status="pending").count() == 1_010
