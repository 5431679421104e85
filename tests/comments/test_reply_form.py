"""The form of a reply, alone on its page, for those without script."""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import by_id, make_many, named, page, post, submit_path, text, value
from tests.factories import decide, make_approved, make_article, make_comment

pytestmark = pytest.mark.django_db


def reply_links(tree: Element, address: str) -> list[str]:
    """Return where the links to reply lead, for a reader of the page at an address."""
    return [urljoin(address, link.get("href")) for link in tree.iter("a") if link.get("data-reply") is not None]


def test_without_a_parent_one_is_led_to_the_form_of_the_article(client: Client):
    article = make_article()
    response = client.get(submit_path(article))

    assert (response.status_code, response["Location"]) == (303, f"{article.get_absolute_url()}#commenter")


def test_the_form_of_a_reply_stands_alone(client: Client):
    root = make_approved(author_name="Ismaël", body="Un texte que la page ne répète pas")
    response = client.get(submit_path(root.article), {"parent": root.pk})
    tree = page(response)

    assert response.status_code == 200
    assert text(by_id(tree, "titre-commenter")) == "Répondre à Ismaël"
    assert "Un texte que la page ne répète pas" not in response.content.decode()
    assert [form.get("action") for form in by_id(tree, "contenu").iter("form")] == [submit_path(root.article)]


def test_the_form_of_a_reply_names_its_parent(client: Client):
    root = make_approved()
    tree = page(client.get(submit_path(root.article), {"parent": root.pk}))

    assert value(tree, "parent") == str(root.pk)
    assert named(tree, "parent").get("type") == "hidden"


def test_the_form_of_the_article_names_no_parent(client: Client):
    tree = page(client.get(make_approved().article.get_absolute_url()))

    assert value(tree, "parent") == ""


def test_each_comment_of_the_first_level_leads_to_the_form_of_its_reply(client: Client):
    root = make_approved()
    make_approved(root.article, parent=root)
    tree = page(client.get(root.article.get_absolute_url()))

    assert reply_links(tree, root.article.get_absolute_url()) == [f"{submit_path(root.article)}?parent={root.pk}"]


def test_the_links_to_reply_lead_to_the_same_place_from_any_page_of_the_thread(client: Client):
    *_others, last = make_many(51)
    path = f"{last.article.get_absolute_url()}?page=2"

    assert reply_links(page(client.get(path)), path) == [f"{submit_path(last.article)}?parent={last.pk}"]


@pytest.mark.parametrize("parent", ["", "0", "-1", "abc", "1.5", "9" * 40, "²", "1\x00", "999999", " ", "1 OR 1=1"])
def test_a_parent_that_is_none_is_not_found(client: Client, parent: str):
    assert client.get(submit_path(make_article()), {"parent": parent}).status_code == 404


@pytest.mark.parametrize("action", ["reject", "mark_as_spam"])
def test_a_refused_parent_is_not_found(client: Client, action: str):
    comment = decide(make_comment(), action, reason="insult")

    assert client.get(submit_path(comment.article), {"parent": comment.pk}).status_code == 404


def test_a_pending_parent_is_not_found(client: Client):
    comment = make_comment()

    assert client.get(submit_path(comment.article), {"parent": comment.pk}).status_code == 404


def test_a_removed_parent_is_not_found(client: Client):
    root = decide(make_approved(), "remove", reason="insult")

    assert client.get(submit_path(root.article), {"parent": root.pk}).status_code == 404


def test_the_parent_of_another_article_is_not_found(client: Client):
    root = make_approved()

    assert client.get(submit_path(make_article()), {"parent": root.pk}).status_code == 404


def test_a_reply_takes_no_replies(client: Client):
    root = make_approved()
    reply = make_approved(root.article, parent=root)

    assert client.get(submit_path(root.article), {"parent": reply.pk}).status_code == 404


def test_a_reply_with_errors_still_says_to_whom_it_replies(client: Client):
    root = make_approved(author_name="Ismaël")
    tree = page(post(client, root.article, parent=root.pk, body=""))

    assert text(by_id(tree, "titre-commenter")) == "Répondre à Ismaël"
    assert value(tree, "parent") == str(root.pk)
    assert Comment.objects.count() == 1


def test_numbers_above_a_thousand_stay_whole(client: Client):
    root = make_approved()
    later = Comment.objects.create(
        pk=1_234_567, article=root.article, author_name="Zoé", body="Oui", body_html="<p>Oui</p>"
    )
    decide(later, "approve")
    tree = page(client.get(root.article.get_absolute_url()))

    assert by_id(tree, "c1234567").tag == "article"
    assert f"{submit_path(root.article)}?parent=1234567" in reply_links(tree, root.article.get_absolute_url())
