"""Tags are typed with the keyboard alone: offered by a part of their name, taken by Enter, written in full where there is none."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.articles.test_admin import change
from tests.browser.accessibility import faults
from tests.browser.session import log_in
from tests.factories import make_draft, make_tag, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ON_TOP = """options => options.map((option) => {
    option.parentElement.scrollIntoView({ block: "center" });
    const { left, top, width, height } = option.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === option;
})"""


def test_tags_are_taken_and_added_by_the_keyboard(page: Page, live_server: LiveServer) -> None:
    for name in ("Économie", "Économie numérique"):
        make_tag(name)
    article = make_draft()
    log_in(page, make_user("redactrice", groups=["Rédacteurs"]))
    page.goto(change(article))
    field, offered = page.get_by_role("combobox", name="Thèmes"), page.locator(".tags-offered").get_by_role("option")
    field.press_sequentially("econ")
    expect(offered).to_have_text(["Économie", "Économie numérique"])
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == offered.nth(1).get_attribute("id")
    assert faults(page, ".field-tag_names") == []
    field.press("Enter")
    expect(field).to_have_value("Économie numérique, ")
    expect(offered).to_have_count(0)
    field.press_sequentially("Moulins")
    field.press("Enter")
    expect(field).to_have_value("Économie numérique, Moulins, ")
    field.press_sequentially("eco")
    expect(offered).to_have_text(["Économie"])
    offered.click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/admin/articles/article/")
    assert [tag.name for tag in article.tags.all()] == ["Économie", "Économie numérique", "Moulins"]


def test_what_is_offered_lies_over_the_rows_that_follow(page: Page, live_server: LiveServer) -> None:
    for number in range(5):
        make_tag(f"Économie {number}")
    log_in(page, make_user("redactrice", groups=["Rédacteurs"]))
    page.goto(change(make_draft()))
    field, offered = page.get_by_role("combobox", name="Thèmes"), page.locator(".tags-offered").get_by_role("option")
    field.press_sequentially("econ")
    expect(offered).to_have_count(5)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert offered.evaluate_all(ON_TOP) == [True] * 5
    field.press("Escape")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/admin/articles/article/")
