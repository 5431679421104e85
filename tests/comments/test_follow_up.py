"""The page that follows a comment, for its author alone."""

import pytest
from django.test import Client

from articles import publishing
from comments.models import Comment, new_follow_up_key
from tests.comments.helpers import make_many, page, post, submit_path, text
from tests.factories import decide, make_approved, make_article, make_comment, withdraw

pytestmark = pytest.mark.django_db

THANKS = "Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation."
NOT_KEPT = "Votre commentaire n’a pas été retenu par la modération."


def sentence(client: Client, comment: Comment) -> str:
    """Return what the page says of a comment."""
    return text(page(client.get(comment.get_absolute_url())))


def test_after_sending_one_is_thanked(client: Client):
    response = client.get(post(client, make_article())["Location"])

    assert response.status_code == 200
    assert THANKS in text(page(response))
    assert "En attente" in text(page(response))


def test_the_comment_is_shown_as_it_will_appear(client: Client):
    comment = make_comment(author_name="Ève <3", body="a < b\n\nVoir https://exemple.fr")
    source = client.get(comment.get_absolute_url()).content.decode()

    assert comment.body_html in source
    assert "Ève &lt;3" in source
    assert "data-reply" not in source


@pytest.mark.parametrize(
    ("action", "said"),
    [("approve", "Votre commentaire est en ligne."), ("reject", NOT_KEPT), ("mark_as_spam", NOT_KEPT)],
)
def test_the_page_says_what_was_decided(client: Client, action: str, said: str):
    comment = decide(make_comment(), action, reason="insult")

    assert said in sentence(client, comment)
    assert THANKS not in sentence(client, comment)


def test_the_page_says_that_a_comment_was_removed(client: Client):
    comment = decide(make_approved(), "remove", reason="insult")

    assert "Votre commentaire a été retiré après sa parution." in sentence(client, comment)


def test_the_page_says_that_a_comment_was_taken_back(client: Client):
    comment = withdraw(make_approved())

    assert "Vous avez repris votre commentaire." in sentence(client, comment)


def test_a_comment_back_in_the_queue_waits_again(client: Client):
    comment = decide(make_approved(), "return_to_queue")

    assert THANKS in sentence(client, comment)


@pytest.mark.parametrize("secret", ["colère noire", "moderatrice", "injure"])
def test_the_page_does_not_say_who_decided_nor_what_they_explained(client: Client, moderator, secret: str):
    comment = decide(make_comment(), "reject", reason="insult", explanation="colère noire", moderator=moderator)

    assert secret not in client.get(comment.get_absolute_url()).content.decode()


def test_an_approved_comment_leads_to_its_place_in_the_thread(client: Client):
    comments = make_many(51)
    for comment, query in ((comments[0], ""), (comments[50], "?page=2")):
        links = [link.get("href") for link in page(client.get(comment.get_absolute_url())).iter("a")]
        assert f"{comment.article.get_absolute_url()}{query}#c{comment.pk}" in links


def test_a_comment_that_is_not_public_leads_to_no_place_in_the_thread(client: Client):
    comment = make_comment()
    publishing.unpublish(article_id=make_approved().article_id)

    assert "sous l’article" not in sentence(client, comment)


def test_the_comment_of_a_withdrawn_article_leads_to_no_place_in_the_thread(client: Client):
    comment = make_approved()
    publishing.unpublish(article_id=comment.article_id)

    assert "sous l’article" not in sentence(client, comment)


def test_the_page_is_kept_by_nobody_and_betrayed_to_nobody(client: Client):
    response = client.get(make_comment().get_absolute_url())

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("key", ["inconnu", "a" * 27, "%00", "%F0%9F%98%80", "x" * 2_000, "..", "1"])
def test_an_unknown_key_is_not_found(client: Client, key: str):
    comment = make_comment()
    response = client.get(f"/commentaires/{key}/")

    assert response.status_code == 404
    assert comment.body not in response.content.decode()


@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase])
def test_a_key_in_another_case_is_not_found(client: Client, change):
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(follow_up_key="aBcDeFgHiJkLmNoPqRsTuVwXyZ0")

    assert client.get(f"/commentaires/{change('aBcDeFgHiJkLmNoPqRsTuVwXyZ0')}/").status_code == 404


def test_a_key_cannot_be_guessed():
    keys = {new_follow_up_key() for _number in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {27}


def test_the_number_of_a_comment_is_no_key(client: Client):
    assert client.get(f"/commentaires/{make_comment().pk}/").status_code == 404


def test_the_page_takes_no_post(client: Client):
    assert client.post(make_comment().get_absolute_url()).status_code == 405


def test_the_key_of_a_comment_is_on_no_public_page(client: Client):
    comment = make_approved()
    path = comment.article.get_absolute_url()

    for address in (path, f"{path}flux/", f"{submit_path(comment.article)}?parent={comment.pk}"):
        assert comment.follow_up_key not in client.get(address).content.decode()
