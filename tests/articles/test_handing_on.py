"""Handing an article on: by mail without script, and everything else by script alone; no other site is spoken to."""

from email.headerregistry import HeaderRegistry
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings

from articles import previews
from tests.articles.reading import every, one, parse, text
from tests.articles.test_previews import HOUR
from tests.factories import make_article, make_draft

pytestmark = [pytest.mark.django_db]

SITE = "https://journal.exemple"


def shared(client: Client, headline: str) -> tuple[Any, dict[str, str]]:
    """Return the tree of an article's page, and what its mail would say by its headers."""
    page = parse(client.get(make_article(slug="un", headline=headline).get_absolute_url()))
    address = urlsplit(one(page, ".//h:div[@class='share']/h:a").get("href"))
    assert (address.scheme, address.path) == ("mailto", "")
    assert "+" not in address.query
    return page, {name: value for name, [value] in parse_qs(address.query, strict_parsing=True).items()}


@override_settings(SITE_URL=SITE)
@pytest.mark.parametrize(
    ("headline", "subject"),
    [
        ("Un titre", "Un titre"),
        ("Élus & élues : 100 % d’accord ?", "Élus & élues : 100 % d’accord ?"),
        ('Il a dit "oui"', "Il a dit « oui »"),
        ("A=1&body=piège&bcc=x@y.fr", "A=1&body=piège&bcc=x@y.fr"),
        ("Le pont 🌉 ferme", "Le pont 🌉 ferme"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Deux\r\nlignes\n\nBcc: x@y.fr", "Deux lignes Bcc : x@y.fr"),
        ("#1 + 1 ; %0D%0A", "#1 + 1 ; %0D%0A"),
    ],
)
def test_a_mail_has_the_title_and_the_address(client: Client, headline: str, subject: str) -> None:
    page, mail = shared(client, headline)
    assert mail == {"subject": subject, "body": f"{subject}\r\n\r\n{SITE}/articles/un/"}
    HeaderRegistry()("subject", mail["subject"])
    assert one(page, ".//h:span[@id='adresse']").text == f"{SITE}/articles/un/"


def test_without_script_only_what_works_is_shown(client: Client) -> None:
    page, _mail = shared(client, "Un titre")
    group = one(page, ".//h:div[@class='share']")
    assert (group.get("role"), group.get("aria-label")) == ("group", "Partager cet article")
    assert [text(button) for button in every(group, "h:button")] == ["Copier le lien", "Partager…"]
    assert all(button.get("hidden") is not None for button in every(group, "h:button"))
    assert text(one(group, "h:a")) == "Envoyer par email"


def test_every_page_of_a_thread_gives_the_address_of_the_article(client: Client) -> None:
    article = make_article()
    page = parse(client.get(f"{article.get_absolute_url()}?page=1&utm_source=x"))
    assert text(one(page, ".//h:span[@id='adresse']")).endswith(article.get_absolute_url())


def test_no_other_site_is_named(client: Client) -> None:
    page, _mail = shared(client, "Un titre")
    addresses = [element.get("src") or "" for element in page.iter() if element.get("src")]
    assert [address for address in addresses if not address.startswith("/")] == []


def test_a_preview_is_not_for_sharing(client: Client) -> None:
    link = previews.link(make_draft(), HOUR)
    assert every(parse(client.get(link.path)), ".//h:div[@class='share']") == []
