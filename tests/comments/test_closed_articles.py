"""An article that takes no comments: what its page shows, and what becomes of what is sent all the same."""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Commenting
from comments import closing, submission
from comments.incoming import Submission
from comments.models import Comment
from tests.comments.helpers import FIELDS, by_id, make_many, named, page, post, submit_path, text, value
from tests.factories import make_approved, make_article, make_comment, make_section, make_user, set_comments

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & \"'>"


def old() -> Article:
    """Return an article that its age has closed."""
    return make_article(published_at=timezone.now() - timedelta(days=31))


CLOSED = {
    "pause": lambda: (set_comments(is_paused=True), make_article())[1],
    "article": lambda: make_article(commenting="closed"),
    "section": lambda: make_article(section=make_section(commenting="closed")),
    "age": old,
}
every_cause = pytest.mark.parametrize("cause", CLOSED)


def invitations(tree: Element) -> list[str]:
    """Return the addresses of the links that invite to reply."""
    return [str(link.get("href")) for link in tree.iter("a") if link.get("data-reply") is not None]


def close(article: Article, note: str = "") -> None:
    """Close the comments of an article."""
    moderator = make_user(f"cheffe{article.pk}")
    closing.choose(article_id=article.pk, commenting=Commenting.CLOSED, note=note, moderator=moderator)


# The page ----------------------------------------------------------------------------------------


@every_cause
def test_the_page_says_why_in_place_of_the_form(client: Client, cause: str):
    article = CLOSED[cause]()
    tree = page(client.get(article.get_absolute_url()))

    assert list(by_id(tree, "contenu").iter("form")) == []
    assert " ".join(closing.of(article).sentence.split()) in text(by_id(tree, "commenter"))


def test_the_page_says_since_when_its_age_has_closed_it(client: Client):
    article = make_article(published_at=datetime(2026, 1, 1, 12, tzinfo=UTC))

    assert "fermés depuis le 31 janvier 2026" in text(by_id(page(client.get(article.get_absolute_url())), "commenter"))


def test_the_thread_stays_and_nothing_invites_to_reply(client: Client):
    article = make_article()
    root = make_approved(article, author_name="Ismaël", body="Lisible encore")
    make_approved(article, parent=root, body="Et la réponse")
    assert len(invitations(page(client.get(article.get_absolute_url())))) == 1
    close(article)
    tree = page(client.get(article.get_absolute_url()))

    assert invitations(tree) == []
    assert "Répondre" not in text(tree)
    assert text(by_id(tree, f"c{root.pk}")).endswith("Lisible encore")
    assert "Et la réponse" in text(tree)


def test_nothing_that_a_reader_typed_is_taken_for_an_invitation(client: Client):
    typed = '<a class="comment-reply" href="#">moi</a> https://exemple.fr/</a>'
    article = make_approved(body=typed, author_name='<a class="comment-reply">').article
    before = text(by_id(page(client.get(article.get_absolute_url())), "commentaires"))
    close(article)

    after = text(by_id(page(client.get(article.get_absolute_url())), "commentaires"))
    assert after == before.split(" Répondre")[0]
    assert typed in after


def test_nobody_is_invited_to_be_the_first(client: Client):
    shown = text(page(client.get(old().get_absolute_url())))

    assert "aucun commentaire concernant cet article" in shown
    assert "Soyez le premier" not in shown


def test_a_note_with_markup_is_shown_as_it_was_typed(client: Client):
    article = make_article(commenting="closed", commenting_note=HOSTILE)
    response = client.get(article.get_absolute_url())

    assert b"<script>alert" not in response.content
    assert "<script>alert(1)</script>" in text(by_id(page(response), "commenter"))


def test_a_page_whose_end_is_near_says_when(client: Client):
    article = make_article(published_at=timezone.now() - timedelta(days=25))
    far = make_article()

    assert "fermeront le" in text(by_id(page(client.get(article.get_absolute_url())), "commenter"))
    assert "fermeront le" not in text(by_id(page(client.get(far.get_absolute_url())), "commenter"))


def test_a_note_without_closing_is_shown_to_nobody(client: Client):
    article = make_article(commenting_note="Pour plus tard")

    assert "Pour plus tard" not in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("in_a_worker")
@every_cause
def test_a_closed_article_costs_four_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, cause: str
):
    article = CLOSED[cause]()
    make_many(60, article)
    client.get(article.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(article.get_absolute_url())


# What is sent ------------------------------------------------------------------------------------


@every_cause
def test_what_is_sent_is_refused_and_the_text_is_not_lost(client: Client, cause: str):
    article = CLOSED[cause]()
    response = post(client, article, body="Un long <travail>")
    tree = page(response)

    assert response.status_code == 409
    assert response["Cache-Control"] == "private, no-store"
    assert "n’a pas pu être enregistré" in text(tree)
    assert value(tree, "body") == "Un long <travail>"
    assert value(tree, "author_name") == FIELDS["author_name"]
    assert value(tree, "author_email") == FIELDS["author_email"]
    assert not Comment.objects.exists()


def test_what_is_sent_while_the_page_is_read_is_refused(client: Client):
    article = make_article()
    assert "comment-form" in client.get(article.get_absolute_url()).content.decode()
    close(article, "Les avocats ont la parole.")
    response = post(client, article)

    assert response.status_code == 409
    assert "Les avocats ont la parole." in text(page(response))


def test_a_note_with_markup_is_shown_as_it_was_typed_beside_the_text_too(client: Client):
    response = post(client, make_article(commenting="closed", commenting_note=HOSTILE))

    assert response.status_code == 409
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("values", [{"body": ""}, {"author_email": "non"}, {"parent": "abc"}, {"body": "x" * 5_001}])
def test_nobody_is_asked_to_correct_what_would_not_be_taken(client: Client, values: dict[str, str]):
    response = post(client, old(), **values)
    tree = page(response)

    assert response.status_code == 409
    assert "à corriger" not in text(tree)
    for name, sent in (FIELDS | values).items():
        assert value(tree, name) == sent


def test_nothing_at_all_is_refused_too(client: Client):
    assert client.post(submit_path(old())).status_code == 409


def test_a_reply_is_refused_and_its_text_can_only_be_kept(client: Client):
    root = make_approved()
    close(root.article)
    response = post(client, root.article, parent=root.pk)

    assert response.status_code == 409
    tree = page(response)
    assert text(by_id(tree, "titre-commenter")) == "Votre texte"
    assert named(tree, "body").get("readonly") is not None
    assert not [control for control in tree.iter("input") if control.get("type") == "submit"]
    assert Comment.objects.count() == 1


def test_the_form_of_a_reply_leads_to_the_reason(client: Client):
    root = make_approved()
    close(root.article)
    for data in ({"parent": root.pk}, {"parent": "rien"}, {}):
        response = client.get(submit_path(root.article), data)
        assert (response.status_code, response["Location"]) == (303, f"{root.article.get_absolute_url()}#commenter")


def test_a_comment_that_was_taken_before_is_found_again_after(client: Client):
    article = make_article()
    first = post(client, article)
    close(article)

    assert post(client, article)["Location"] == first["Location"]
    assert post(client, article, body="Autre chose").status_code == 409


def test_what_is_open_again_takes_comments_again(client: Client):
    set_comments(is_paused=True)
    article = make_article()
    assert post(client, article).status_code == 409
    set_comments(is_paused=False)

    assert post(client, article).status_code == 303


def test_an_old_article_that_is_kept_open_takes_comments(client: Client):
    for values in ({"commenting": "open"}, {"section": make_section(commenting="open")}):
        article = make_article(published_at=timezone.now() - timedelta(days=900), **values)
        assert post(client, article).status_code == 303


@every_cause
def test_the_verb_itself_refuses(cause: str):
    article = CLOSED[cause]()
    with pytest.raises(submission.CommentingClosed) as refusal:
        submission.submit(Submission(article_id=article.pk, parent_id=None, client_network="192.0.2.1", **FIELDS))

    assert refusal.value.standing.cause == cause
    assert not Comment.objects.exists()


def test_a_withdrawn_article_is_gone_rather_than_closed(client: Client):
    article = make_article(commenting="closed", unpublished_at=timezone.now())

    assert post(client, article).status_code == 410


@pytest.mark.usefixtures("in_a_worker")
def test_taking_a_comment_costs_no_query_more_for_it(client: Client, django_assert_max_num_queries):
    make_comment()
    client.get(make_article().get_absolute_url())
    article = make_article(slug="un")
    with django_assert_max_num_queries(10) as captured:
        assert post(client, article).status_code == 303

    asked = [query["sql"] for query in captured.captured_queries if "commentsettings" in query["sql"]]
    sections = [query["sql"] for query in captured.captured_queries if 'FROM "articles_section"' in query["sql"]]
    assert (asked, [sql for sql in sections if sql.startswith("SELECT")]) == ([], [])
