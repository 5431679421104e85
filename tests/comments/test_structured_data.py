"""What an article's page tells machines of it and of its comments, field by field.

`TOLD` is the whole of it: schema.org's properties of a NewsArticle and of a Comment, what Google makes of each of them
(«Article (NewsArticle) structured data» and «Discussion forum structured data»), and of which form a value is.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import publishing
from articles.models import Article
from comments import structured_data
from tests.articles.pictures.making import make_picture
from tests.articles.reading import every, one, parse
from tests.comments.helpers import make_many
from tests.factories import decide, make_approved, make_article, make_author, make_comment, make_section

SITE = "https://journal.exemple"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = SITE


def is_text(value: Any) -> bool:
    """Text, not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_headline(value: Any) -> bool:
    """Google once cut at 110 characters, and still asks for short ones."""
    return is_text(value) and len(value) <= 110


def is_url(value: Any) -> bool:
    """An absolute address, on the site."""
    return isinstance(value, str) and value.startswith(f"{SITE}/") and bool(urlsplit(value).path)


def is_instant(value: Any) -> bool:
    """ISO 8601, with the offset from UTC that Google asks for."""
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


def is_count(value: Any) -> bool:
    """A number from 0 on."""
    return type(value) is int and value >= 0


def is_language(value: Any) -> bool:
    """A tag of BCP 47."""
    return isinstance(value, str) and value in {"fr", "fr-FR"}


def is_true(value: Any) -> bool:
    """JSON's own true."""
    return value is True


def each(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """One of these or more."""
    return lambda value: isinstance(value, list) and bool(value) and all(check(item) for item in value)


def thing(kind: str) -> Callable[[Any], bool]:
    """A thing of a type, that has what `TOLD` says and nothing else."""
    return lambda value: isinstance(value, dict) and value.get("@type") == kind and faults(value) == []


REQUIRED, RECOMMENDED, OWN = "required", "recommended", "schema.org alone"
# By type: each property, what Google makes of it, and of which form it is. Google requires no property of an article
# and recommends some; of a comment it requires author, date and text.
TOLD: dict[str, dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "NewsArticle": {
        "headline": (RECOMMENDED, is_headline),
        "image": (RECOMMENDED, each(is_url)),
        "datePublished": (RECOMMENDED, is_instant),
        "dateModified": (RECOMMENDED, is_instant),
        "author": (RECOMMENDED, each(thing("Person"))),
        "publisher": (OWN, thing("NewsMediaOrganization")),
        "url": (OWN, is_url),
        "mainEntityOfPage": (OWN, is_url),
        "description": (OWN, is_text),
        "articleSection": (OWN, is_text),
        "inLanguage": (OWN, is_language),
        "isAccessibleForFree": (OWN, is_true),
        "commentCount": (OWN, is_count),
        "comment": (OWN, each(thing("Comment"))),
        "correction": (OWN, each(thing("CorrectionComment"))),
    },
    "Person": {"name": (REQUIRED, is_text), "url": (RECOMMENDED, is_url)},
    "NewsMediaOrganization": {
        "name": (REQUIRED, is_text),
        "url": (RECOMMENDED, is_url),
        "logo": (RECOMMENDED, thing("ImageObject")),
        "correctionsPolicy": (OWN, is_url),
    },
    "ImageObject": {"url": (REQUIRED, is_url), "width": (OWN, is_count), "height": (OWN, is_count)},
    "Comment": {
        "author": (REQUIRED, lambda value: value["@type"] == "Person" and is_text(value["name"])),
        "datePublished": (REQUIRED, is_instant),
        "text": (REQUIRED, is_text),
        "url": (RECOMMENDED, is_url),
    },
    "CorrectionComment": {"text": (REQUIRED, is_text), "datePublished": (RECOMMENDED, is_instant)},
}


def faults(told: dict[str, Any]) -> list[str]:
    """Return what is missing, wrong or unknown in a thing of a type."""
    known = TOLD[told["@type"]]
    names = told.keys() - {"@type", "@context"}
    missing = [f"{name} is missing" for name in known if name not in names]
    wrong = [f"{name}: {told[name]!r}" for name in names & known.keys() if not known[name][1](told[name])]
    return [*missing, *wrong, *(f"{name} is not in the table" for name in names - known.keys())]


def told(client: Client, article: Article, query: str = "") -> dict[str, Any]:
    """Return what the article's page tells machines."""
    tree = parse(client.get(f"{article.get_absolute_url()}{query}"))
    data: dict[str, Any] = json.loads(one(tree, ".//h:script[@type='application/ld+json']").text)
    return data


def test_an_article_with_everything_tells_all_of_it(client: Client) -> None:
    article = make_article(
        headline="L'essai",
        section=make_section(name="Idées"),
        authors=[make_author(name="Anna", slug="anna"), make_author(name="Marc")],
        lead_picture=make_picture(size=(900, 600), made=True),
    )
    publishing.correct(article_id=article.pk, body="Une rectification.")
    comment = make_approved(article, author_name="Zoé", body="Un avis.")
    data = told(client, article)
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "NewsArticle"
    assert faults(data) == []
    article.refresh_from_db()
    assert data["headline"] == article.display_headline
    assert data["articleSection"] == "Idées"
    assert [author["name"] for author in data["author"]] == ["Anna", "Marc"]
    assert data["author"][0]["url"] == f"{SITE}/auteurs/anna/"
    assert datetime.fromisoformat(data["datePublished"]) == article.published_at.replace(microsecond=0)
    assert datetime.fromisoformat(data["dateModified"]) == article.modified_at.replace(microsecond=0)
    assert [address.rpartition("/")[2] for address in data["image"]] == ["partage.jpg", "900.jpg"]
    assert data["commentCount"] == 1
    assert data["comment"] == [
        {
            "@type": "Comment",
            "url": f"{SITE}{article.get_absolute_url()}#c{comment.pk}",
            "author": {"@type": "Person", "name": "Zoé"},
            "datePublished": comment.submitted_at.isoformat(timespec="seconds"),
            "text": "Un avis.",
        }
    ]


def test_an_article_with_nothing_leaves_out_what_there_is_not(client: Client) -> None:
    data = told(client, make_article(standfirst="", body=""))
    publisher = {name: data["publisher"][name] for name in ("@type", "name", "url")}
    assert data["author"] == publisher
    assert data["commentCount"] == 0
    assert TOLD["NewsArticle"].keys() - data.keys() == {"description", "image", "comment", "correction"}


def test_an_article_that_was_written_before_it_appeared_was_not_changed_before(client: Client) -> None:
    data = told(client, make_article(published_at=timezone.now()))
    assert data["dateModified"] >= data["datePublished"]


def test_comments_that_are_not_public_are_not_told(client: Client) -> None:
    article = make_article()
    make_comment(article)
    decide(make_comment(article), "reject", reason="insult")
    removed = make_approved(article, body="Dugong", author_name="Casoar")
    make_approved(article, parent=removed, body="Une réponse.")
    decide(removed, "remove", reason="insult")
    response = client.get(article.get_absolute_url())
    assert "Dugong" not in response.content.decode()
    assert [each["text"] for each in told(client, article)["comment"]] == ["Une réponse."]


def test_a_masked_passage_is_masked_for_machines_as_well(client: Client) -> None:
    comment = make_approved(body="Un mot et un autre.")
    decide(comment, "redact", text="Un mot et […].")
    assert [each["text"] for each in told(client, comment.article)["comment"]] == ["Un mot et […]."]


def test_machines_are_told_of_the_comments_of_the_page_that_is_shown(client: Client) -> None:
    comments = make_many(52)
    article = comments[0].article
    shown = [each["url"] for each in told(client, article)["comment"]]
    assert shown == [f"{SITE}{article.get_absolute_url()}#c{comment.pk}" for comment in comments[:50]]
    shown = [each["url"] for each in told(client, article, "?page=2")["comment"]]
    assert shown == [f"{SITE}{article.get_absolute_url()}?page=2#c{comment.pk}" for comment in comments[50:]]
    assert told(client, article)["commentCount"] == 52


def test_replies_stand_in_what_they_answer(client: Client) -> None:
    first = make_approved(body="Un avis.")
    body = "Un <b>mot</b> & un autre.\nUne ligne.\n\nUn paragraphe."
    reply = make_approved(first.article, parent=first, body=body, author_name="Zoé </bdi>")
    make_comment(first.article, parent=first, body="En attente.")
    [data] = told(client, first.article)["comment"]
    assert data["comment"] == [
        {
            "@type": "Comment",
            "url": f"{SITE}{first.article.get_absolute_url()}#c{reply.pk}",
            "author": {"@type": "Person", "name": "Zoé </bdi>"},
            "datePublished": reply.submitted_at.isoformat(timespec="seconds"),
            "text": body,
        }
    ]


def test_machines_are_told_of_every_reply_that_the_page_shows(client: Client) -> None:
    first = make_approved()
    replies = [make_approved(first.article, parent=first) for _reply in range(6)]
    [data] = told(client, first.article)["comment"]
    assert [each["url"].rpartition("#c")[2] for each in data["comment"]] == [str(one.pk) for one in replies]


def test_machines_are_told_whole_comments_and_no_more_than_a_page_can_bear(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_approved(body="a" * 10)
    make_approved(first.article, parent=first, body="b" * 10)
    make_approved(first.article, parent=first, body="c" * 10)
    make_approved(first.article, body="d")
    monkeypatch.setattr(structured_data, "MOST_TEXT", 29)
    [data] = told(client, first.article)["comment"]
    assert (data["text"], [each["text"] for each in data["comment"]]) == ("a" * 10, ["b" * 10])


@pytest.mark.parametrize(
    "words", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028 ]]> & \U0001f600", '"\\u0000']
)
def test_no_comment_ends_the_script_that_tells_of_it(client: Client, words: str) -> None:
    comment = make_approved(body=f"Un avis : {words}", author_name="Zoé </script>")
    tree = parse(client.get(comment.article.get_absolute_url()))
    [script] = every(tree, ".//h:script[@type='application/ld+json']")
    [data] = json.loads(script.text)["comment"]
    assert data["text"] == comment.body
    assert data["author"]["name"] == comment.author_name


def test_no_personal_data_is_told(client: Client) -> None:
    comment = make_approved(author_email="zoe@exemple.fr")
    [data] = told(client, comment.article)["comment"]
    assert data.keys() == {"@type", *TOLD["Comment"]}
    assert "zoe@exemple.fr" not in json.dumps(told(client, comment.article))
