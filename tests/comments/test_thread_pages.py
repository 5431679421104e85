"""The pages of a long thread: fifty conversations each, and links that lead to the right one."""

from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from articles.models import Article
from comments.models import Comment
from tests.comments.helpers import by_id, make_many, page
from tests.factories import decide, make_approved, make_article

pytestmark = pytest.mark.django_db


def thread(client: Client, article: Article, number: int = 1) -> Element:
    """Return one page of an article's thread."""
    response = client.get(article.get_absolute_url(), {"page": number} if number > 1 else {})
    assert response.status_code == 200
    return by_id(page(response), "commentaires")


def anchors(tree: Element) -> list[str]:
    """Return the anchors of the comments on a page."""
    return [element.get("id") or "" for element in tree.iter("article")]


def pager(tree: Element) -> dict[str, str]:
    """Return where the links to other pages lead."""
    return {
        link.get("rel") or "": link.get("href") or "" for link in tree.iter("a") if link.get("rel") in {"prev", "next"}
    }


def test_a_page_holds_fifty_conversations(client: Client):
    comments = make_many(120)
    article = comments[0].article
    expected = [f"c{comment.pk}" for comment in comments]

    assert anchors(thread(client, article)) == expected[:50]
    assert anchors(thread(client, article, 2)) == expected[50:100]
    assert anchors(thread(client, article, 3)) == expected[100:]


def test_replies_do_not_count_for_the_length_of_a_page(client: Client):
    comments = make_many(50)
    make_many(60, comments[0].article, parent=comments[0])

    tree = thread(client, comments[0].article)
    assert len(anchors(tree)) == 110
    assert pager(tree) == {}


def test_pages_lead_to_one_another(client: Client):
    article = make_many(101)[0].article
    path = article.get_absolute_url()

    assert pager(thread(client, article)) == {"next": f"{path}?page=2#commentaires"}
    assert pager(thread(client, article, 2)) == {
        "prev": f"{path}#commentaires",
        "next": f"{path}?page=3#commentaires",
    }
    assert pager(thread(client, article, 3)) == {"prev": f"{path}?page=2#commentaires"}


@pytest.mark.parametrize("count", [0, 1, 50])
def test_up_to_fifty_there_is_one_page(client: Client, count: int):
    article = make_article()
    make_many(count, article)

    assert pager(thread(client, article)) == {}
    assert client.get(article.get_absolute_url(), {"page": "2"}).status_code == 404


def test_a_page_beyond_the_last_is_not_found(client: Client):
    path = make_many(100)[0].article.get_absolute_url()

    assert client.get(path, {"page": "2"}).status_code == 200
    assert client.get(path, {"page": "3"}).status_code == 404
    assert client.get(path, {"page": "999999"}).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "abc", "", " 1", "1 ", "+1", "²", "١", "9" * 30, "1\x00"])
def test_a_page_that_is_no_number_is_not_found(client: Client, number: str):
    assert client.get(make_article().get_absolute_url(), {"page": number}).status_code == 404


def test_two_page_numbers_are_not_found(client: Client):
    assert client.get(f"{make_article().get_absolute_url()}?page=1&page=1").status_code == 404


def place(client: Client, comment: Comment) -> str:
    """Return where the follow-up page of an approved comment leads."""
    tree = page(client.get(comment.get_absolute_url()))
    links = [link.get("href") or "" for link in tree.iter("a")]
    return next(link for link in links if link.startswith("/articles/") and link.endswith(f"#c{comment.pk}"))


def test_each_permalink_leads_to_the_page_of_its_comment(client: Client):
    comments = make_many(101)
    article = comments[0].article
    reply = make_many(1, article, parent=comments[60])[0]

    for comment in (comments[0], comments[49], comments[50], comments[99], comments[100], reply):
        address, fragment = place(client, comment).split("#")
        assert fragment in anchors(by_id(page(client.get(address)), "commentaires"))


def test_pages_are_named_from_the_second_on(client: Client):
    comments = make_many(51)
    path = comments[0].article.get_absolute_url()

    assert place(client, comments[49]) == f"{path}#c{comments[49].pk}"
    assert place(client, comments[50]) == f"{path}?page=2#c{comments[50].pk}"


def test_what_is_not_public_moves_no_permalink(client: Client):
    article = make_article()
    make_many(60, article, status="pending")
    comment = make_approved(article)

    assert place(client, comment) == f"{article.get_absolute_url()}#c{comment.pk}"
    assert anchors(thread(client, article)) == [f"c{comment.pk}"]


def test_a_placeholder_keeps_the_place_of_its_conversation(client: Client):
    comments = make_many(51)
    article = comments[0].article
    make_approved(article, parent=comments[0])
    decide(comments[0], "remove", reason="insult")

    assert place(client, comments[50]).endswith(f"?page=2#c{comments[50].pk}")
    assert anchors(thread(client, article, 2)) == [f"c{comments[50].pk}"]


def test_a_removed_conversation_gives_its_place_up(client: Client):
    comments = make_many(51)
    decide(comments[0], "remove", reason="insult")

    assert place(client, comments[50]) == f"{comments[0].article.get_absolute_url()}#c{comments[50].pk}"
    assert pager(thread(client, comments[0].article)) == {}
