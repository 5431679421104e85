"""Comments that close while one writes, and the pages of closing and of the charter, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Commenting
from comments import closing
from comments.models import Comment
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_approved, make_article, make_charter, make_user, set_comments

REASON = "L’affaire est jugée demain."


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return a published article."""
    return make_article(headline="Un pont se ferme")


def close(article: Article) -> None:
    """Close the comments of an article, for a reason."""
    moderator = make_user(f"cheffe{article.pk}")
    closing.choose(article_id=article.pk, commenting=Commenting.CLOSED, note=REASON, moderator=moderator)


def write(page: Page) -> None:
    """Fill the form and send it."""
    page.get_by_label("Nom", exact=True).fill("Jeanne")
    page.get_by_label("Email").fill("jeanne@exemple.fr")
    page.get_by_label("Commentaire", exact=True).fill("Une longue réflexion")
    page.get_by_role("button", name="Envoyer mon commentaire").click()


def check_that_nothing_is_lost(page: Page) -> None:
    """Hold that the reason is told, and that the text is there."""
    expect(page.get_by_role("alert")).to_contain_text(REASON)
    expect(page.get_by_label("Commentaire", exact=True)).to_have_value("Une longue réflexion")
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Jeanne")
    assert not Comment.objects.exists()


def test_an_article_that_closes_while_one_writes_keeps_the_text_in_place(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    close(article)
    write(page)

    check_that_nothing_is_lost(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_url(f"{page.url.split('#')[0]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Un pont se ferme")
    expect(page.get_by_role("button", name="Envoyer mon commentaire")).to_have_count(0)


def test_without_javascript_the_text_is_kept_on_a_page(plain_page: Page, article: Article) -> None:
    plain_page.goto(article.get_absolute_url())
    close(article)
    write(plain_page)

    check_that_nothing_is_lost(plain_page)


def test_a_reply_that_comes_too_late_is_told_why_and_what_one_writes_elsewhere_stays(
    page: Page, article: Article
) -> None:
    make_approved(article, author_name="Karim")
    page.goto(article.get_absolute_url())
    page.get_by_label("Commentaire", exact=True).fill("À moitié écrit")
    close(article)
    page.get_by_role("link", name="Répondre à Karim").click()

    reason = page.get_by_role("region", name="Commentaires fermés")
    expect(reason).to_be_focused()
    expect(reason).to_contain_text(REASON)
    expect(page.get_by_label("Commentaire", exact=True)).to_have_value("À moitié écrit")


def test_readers_meet_no_fault(page: Page, article: Article) -> None:
    make_charter(f"<h2>Règles</h2><p>{'m' * 90}</p><ul><li>Une</li></ul>")
    old = make_charter().number - 1
    make_approved(article)
    ending = make_article(headline="Bientôt")
    set_comments(closes_after_days=3)
    closed = make_article(commenting="closed", commenting_note="W" * 200)
    found = {}
    for path in (ending.get_absolute_url(), closed.get_absolute_url(), "/charte/", f"/charte/{old}/"):
        page.goto(path)
        found[path] = faults(page, looks=LOOKS)
    page.goto(article.get_absolute_url())
    close(article)
    write(page)
    page.get_by_role("alert").wait_for()
    found["409"] = faults(page, looks=LOOKS)
    assert {path: listed for path, listed in found.items() if listed} == {}


def test_moderators_in_chief_meet_no_fault(page: Page, article: Article) -> None:
    version = make_charter("<h2>Règles</h2><ul><li>Une</li></ul>")
    comment = make_approved(article)
    log_in(page, make_user("cheffe", groups=["Modération en chef"]))
    found = {}
    for path in (
        f"comment/{comment.pk}/change/",
        f"comment/fermeture/{article.pk}/",
        f"comment/fermeture/rubrique/{article.section_id}/",
        "commentsettings/1/change/",
        "charter/",
        "charter/add/",
        f"charter/{version.pk}/change/",
    ):
        page.goto(f"/admin/comments/{path}")
        found[path] = faults(page, looks=LOOKS)
    page.goto(f"/admin/comments/comment/fermeture/{article.pk}/")
    page.get_by_label("Raison de la fermeture").fill("x" * 200)
    page.evaluate("document.querySelector('#id_commenting_note').removeAttribute('maxlength')")
    page.get_by_label("Raison de la fermeture").fill("x" * 201)
    page.get_by_role("button", name="Enregistrer").click()
    page.locator(".errornote").wait_for()
    found["closing with an error"] = faults(page, looks=LOOKS)
    assert {path: listed for path, listed in found.items() if listed} == {}


def test_comments_are_closed_from_the_page_of_one_of_them_without_javascript(
    plain_page: Page, article: Article
) -> None:
    comment = make_approved(article)
    log_in(plain_page, make_user("cheffe", groups=["Modération en chef"]))
    plain_page.goto(f"/admin/comments/comment/{comment.pk}/change/")
    plain_page.get_by_role("link", name="Fermer ou rouvrir").click()
    plain_page.get_by_label("fermés").check()
    plain_page.get_by_label("Raison de la fermeture").fill(REASON)
    plain_page.get_by_role("button", name="Enregistrer").click()
    expect(plain_page.locator(".messagelist")).to_contain_text("C’est noté")
    plain_page.goto(article.get_absolute_url())

    expect(plain_page.get_by_role("region", name="Commentaires fermés")).to_contain_text(REASON)
    expect(plain_page.get_by_role("link", name="Répondre")).to_have_count(0)
