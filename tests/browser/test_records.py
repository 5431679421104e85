"""An article's records at the desk, in a browser: seen before it appears, brought back, corrected."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import publishing
from articles.models import Article
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_article, make_author, make_draft, make_user

PAGES = ("history/", "history/0/", "apercu/", "rectificatifs/")


@pytest.fixture
def editor(transactional_db: None) -> User:
    """Return an editor."""
    return make_user("redacteur", groups=["Rédacteurs"])


def rewritten(article: Article) -> Article:
    """Return an article that was written, and written again."""
    article.body = "<p>Un texte assez long, relu et récrit.</p><p>Un autre paragraphe.</p>"
    return publishing.save(article, by=None)


def test_a_preview_is_seen_given_and_revoked(page: Page, editor: User) -> None:
    draft = make_draft(headline="Avant parution", authors=[make_author()])
    log_in(page, editor)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/admin/articles/article/{draft.pk}/apercu/")
    phone = page.frame_locator("iframe.phone")
    expect(phone.get_by_role("heading", name="Avant parution")).to_be_visible()
    page.get_by_label("les deux").check()
    expect(page.frame_locator("iframe.desktop").get_by_role("heading", name="Avant parution")).to_be_visible()
    page.get_by_role("button", name="Faire un lien").click()
    link = page.get_by_label("Lien à donner").input_value()

    page.context.clear_cookies()
    assert page.goto(link).status == 200
    expect(page.get_by_text("Aperçu — non publié")).to_be_visible()
    assert page.locator(".talk").evaluate("talk => talk.inert")

    publishing.revoke_previews(article_id=draft.pk)
    assert page.goto(link).status == 404


def test_an_article_is_brought_back_and_corrected(page: Page, editor: User) -> None:
    article = rewritten(make_article(body="<p>Un texte assez long.</p>"))
    log_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/history/")
    page.get_by_role("link", name="Version 0").click()
    page.get_by_role("button", name="Rétablir cette version").click()
    expect(page.get_by_text("La version 0 est rétablie")).to_be_visible()
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_role("link", name="Publier un rectificatif").click()
    page.get_by_label("Rectificatif").fill("Il fallait lire « court ».")
    page.get_by_role("button", name="Publier le rectificatif").click()
    page.goto(article.get_absolute_url())
    expect(page.locator("#rectificatifs")).to_contain_text("Il fallait lire")
    expect(page.locator(".prose")).to_have_text("Un texte assez long.")


def test_the_pages_are_accessible_and_fit(page: Page, editor: User) -> None:
    article = rewritten(make_article(body="<p>Un texte assez long.</p>", headline="x" * 110))
    publishing.correct(article_id=article.pk, body="Il fallait lire « court »." * 9, by=editor)
    draft = rewritten(make_draft())
    publishing.publish(article_id=draft.pk, at=timezone.now() + timedelta(days=1))
    log_in(page, editor)
    own = [f"/admin/articles/article/{each.pk}/{name}" for each in (article, draft) for name in PAGES]
    for path in (*own, article.get_absolute_url(), "/rectificatifs/"):
        page.goto(path)
        assert faults(page, looks=LOOKS) == [], path
