"""Read, comment, see it nowhere, approve it in admin, see it everywhere: with JavaScript and without."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comments.models import Comment
from tests.browser.session import log_in
from tests.factories import PASSWORD, make_user

ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
THANKS = "Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation."
BODY = "La multitude, c’est nous. Voir https://exemple.fr/essai"


@pytest.fixture
def chief(transactional_db: None) -> User:
    """Load the essay and return a moderator."""
    call_command("loaddata", "essay", verbosity=0)
    return make_user("moderatrice", groups=["Modérateurs"])


def fill(page: Page, name: str = "Jeanne D.") -> None:
    """Type a comment into the form under the article."""
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_label("Email").fill("jeanne@exemple.fr")
    page.get_by_label("Commentaire", exact=True).fill(BODY)


def send(page: Page) -> None:
    """Press the form's button."""
    page.get_by_role("button", name="Envoyer mon commentaire").click()


def approve_everything(browser: Browser, live_server: LiveServer, user: User) -> None:
    """Approve what waits, as a moderator does, in a browser of their own."""
    context = browser.new_context(base_url=live_server.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/admin/comments/comment/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.locator(".action-select").check()
    page.select_option("[name=action]", "approve")
    page.locator(".actions [type=submit]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("1 commentaire")
    context.close()


def assert_nowhere(page: Page) -> None:
    """See the comment on no public page."""
    for address in (ESSAY, "/", "/classements/commentes/", f"{ESSAY}flux/", "/flux/", "/rubriques/idees/"):
        assert "La multitude, c’est nous" not in page.request.get(address).text()
        assert "Commentaire 1" not in page.request.get(address).text().replace("\u202f", " ")


def assert_everywhere(page: Page) -> None:
    """See the comment under its article and in its feed, and its count in both rankings."""
    page.goto(ESSAY)
    thread = page.locator("#commentaires")
    expect(thread.get_by_role("heading")).to_have_text("Commentaire 1")
    expect(thread.locator(".comment-author")).to_have_text("Jeanne D.")
    expect(thread.get_by_role("link", name="exemple.fr/essai")).to_have_attribute("rel", "nofollow ugc noopener")
    assert "La multitude, c’est nous" in page.request.get(f"{ESSAY}flux/").text()
    page.goto("/classements/commentes/?periode=jour")
    expect(page.locator("main")).to_contain_text("Commentaire 1")


def test_with_javascript_the_thanks_appear_in_the_article(
    page: Page, chief: User, browser: Browser, live_server: LiveServer
) -> None:
    page.goto(ESSAY)
    expect(page.locator("#commentaires")).to_contain_text("Soyez le premier à donner votre avis")
    fill(page)
    send(page)
    expect(page.locator("#suivi-envoye, #suivi").first).to_contain_text(THANKS)
    assert page.url.startswith(live_server.url + ESSAY)
    assert_nowhere(page)
    approve_everything(browser, live_server, chief)
    assert_everywhere(page)
    page.goto(Comment.objects.get().get_absolute_url())
    page.get_by_role("link", name=re.compile("Voir votre commentaire")).click()
    expect(page.locator(f"#c{Comment.objects.get().pk}")).to_be_in_viewport()


def test_without_javascript_the_follow_up_page_thanks(
    plain_page: Page, chief: User, browser: Browser, live_server: LiveServer
) -> None:
    plain_page.goto(ESSAY)
    fill(plain_page)
    send(plain_page)
    expect(plain_page).to_have_url(re.compile(r"/commentaires/[\w-]{20,}/$"))
    expect(plain_page.get_by_role("status").first).to_contain_text(THANKS)
    follow_up = plain_page.url
    assert_nowhere(plain_page)
    approve_everything(browser, live_server, chief)
    assert_everywhere(plain_page)
    plain_page.goto(follow_up)
    expect(plain_page.locator("#suivi")).to_contain_text("Votre commentaire est en ligne.")


def test_a_reading_counts_once_in_a_real_browser(page: Page, chief: User) -> None:
    page.goto(ESSAY)
    with page.expect_response(re.compile(r"/vues/\d+/")) as beacon:
        page.wait_for_timeout(10)
    assert beacon.value.status == 204
    page.goto("/classements/lus/?periode=jour")
    expect(page.locator("main")).to_contain_text("1 lecture")


def test_without_a_reason_the_desk_asks_for_one_and_keeps_the_choice(
    chief: User, browser: Browser, live_server: LiveServer, page: Page
) -> None:
    page.goto(ESSAY)
    fill(page)
    send(page)
    expect(page.locator("body")).to_contain_text(THANKS)
    log_in(page, chief)
    page.goto("/admin/comments/comment/")
    page.locator("#action-toggle").check()
    page.select_option("[name=action]", "reject")
    page.locator(".actions [type=submit]").first.click()
    page.select_option("#reason", "off_topic")
    page.get_by_role("button", name="Refuser").click()
    expect(page.locator(".messagelist")).to_contain_text("1 commentaire")
    assert Comment.objects.get().status == Comment.Status.REJECTED
