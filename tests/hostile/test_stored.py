"""What came in by another door, a fixture, a shell or an earlier version, and stands in the database: every page still answers."""

import json
import re
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, transaction
from lxml import etree

from articles.models import Article
from comments import notifications
from multitude.mail.outbox import MailRefused
from multitude.models import OutgoingMail
from tests.factories import (
    make_approved,
    make_article,
    make_author,
    make_comment,
    make_section,
    make_tag,
    make_user,
    set_comments,
)
from tests.hostile import payloads, routes, walk
from tests.hostile.asking import Stranger
from tests.mailserver import mailers

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# What a text column takes in both databases, and stays short enough for any column.
TEXTS = [
    value[:60]
    for family in (payloads.markup, payloads.templates, payloads.lines, payloads.strange_letters, payloads.sql)
    for value in family()
    if isinstance(value, str) and value.strip() and "\0" not in value
]


def test_every_page_shows_what_is_stored_and_runs_nothing(reader: Stranger) -> None:
    everything = "\x01\x0b\ufffe\u2028 ]]></script><script>x</script>{{7*7}}{%x%}\r\nX-Injecte: oui \u202e--><!--"
    article = make_article(
        headline=everything[:100],
        standfirst=everything,
        body=f"<p>{everything}</p>",
        authors=[make_author(name=everything[:80])],
        section=make_section(name=everything[:40]),
        tags=[make_tag(everything[:40])],
    )
    make_approved(article, author_name=everything[:80], body=everything)
    paths = [route.path for route in routes.every() if not route.is_inside]
    for path in paths:
        answer = reader.ask("GET", path)
        assert answer.status < 500, path
        kind = answer.headers.get("content-type", "")
        if "xml" in kind:
            etree.fromstring(answer.body)
        if kind.startswith("text/html"):
            assert "<script>x" not in answer.text, path
            for told in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL):
                json.loads(told)


def test_a_stored_redirect_leads_nowhere_it_should_not(reader: Stranger) -> None:
    for number, value in enumerate([*payloads.elsewhere(), *payloads.lines()]):
        if isinstance(value, str) and "\0" not in value:
            Redirect.objects.create(site=Site.objects.get_current(), old_path=f"/vieux-{number}/", new_path=value[:190])
            answer = reader.ask("GET", f"/vieux-{number}/")
            assert answer.status < 500
            assert not re.match(r"(?i)\s*(javascript|data|vbscript):", answer.headers.get("location", ""))


def names_of_headers() -> set[str]:
    """Return what the headers of all mails that are to leave are called."""
    sources = OutgoingMail.objects.values_list("source", flat=True)
    return {name for source in sources for name in message_from_bytes(bytes(source))}


HEADERS = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID"}


def test_mail_has_the_headers_that_we_gave_it(settings: LazySettings) -> None:
    settings.MAILERS = mailers(9)
    make_user("moderatrice", groups=["Modérateurs"], email="m@exemple.fr")
    set_comments(digest_minutes=0)
    for number, value in enumerate(payloads.lines()):
        text = f"{value!s}"[:60]
        make_user(f"moderateur{number}", groups=["Modérateurs"], email=text)
        make_comment(make_article(headline=f"Titre {text}"[:100]), author_name=f"Nom {text}"[:80], body=f"Avis {text}")
    notifications.send_digest_if_due()
    assert [*OutgoingMail.objects.values_list("recipient", flat=True)] == ["m@exemple.fr"]
    assert names_of_headers() == HEADERS | {"Auto-Submitted"}


@pytest.mark.parametrize("field", ["subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "headers"])
def test_line_ends_in_a_mail_begin_no_header_wherever_they_stand(settings: LazySettings, field: str) -> None:
    settings.MAILERS = mailers(9)
    given: dict[str, Any] = {
        "subject": "Avis",
        "body": "Un texte.",
        "from_email": "j@exemple.fr",
        "to": ["z@exemple.fr"],
    }
    for value in payloads.lines():
        hostile = {"X-Avis": value} if field == "headers" else value if isinstance(given.get(field), str) else [value]
        with suppress(MailRefused):
            EmailMessage(**given | {field: hostile}).send()
    assert names_of_headers() <= HEADERS | {"Cc", "Reply-To", "X-Avis"}


@pytest.mark.parametrize(
    "rows",
    [
        "[" * 10_000,
        '[{"model": "articles.article"}]',
        '[{"model": "articles.article", "fields": {"headline": "\\u0000"}}]',
        '[{"model": "auth.nothing", "fields": {}}]',
        '[{"model": "articles.article", "pk": 99999999999999999999, "fields": {"slug": "a"}}]',
        '[{"model": "articles.article", "fields": {"published_at": "99999-01-01"}}]',
        '[{"model": "articles.section", "fields": {"name": ["a"], "slug": {"b": 1}, "position": "x"}}]',
        '[{"model": "comments.decision", "fields": {"comment": "nobody"}}]',
        "null",
        '"texte"',
        "{}",
        "\ufeff[]",
    ],
)
def test_a_hostile_fixture_loads_nothing(tmp_path: Path, rows: str) -> None:
    fixture, before = tmp_path / "hostile.json", walk.rows()
    fixture.write_text(rows)
    refusals = (
        DeserializationError,
        ValidationError,
        DatabaseError,
        ValueError,
        TypeError,
        RecursionError,
        OverflowError,
        AttributeError,
        KeyError,
        RuntimeWarning,
    )
    try:
        with transaction.atomic():
            call_command("loaddata", fixture, verbosity=0)
    except refusals:
        pass
    assert walk.rows() == before


def test_what_a_fixture_brings_is_cleaned(reader: Stranger, tmp_path: Path) -> None:
    fixture = tmp_path / "sly.json"
    section = make_section()
    fields = {
        "headline": "Titre<script>x</script>\r\nA: b",
        "slug": "sournois",
        "body": '<p onclick="x">Texte<script>x</script><a href="javascript:x">lien</a></p>',
        "section": section.pk,
        "published_at": "2026-01-01T00:00:00Z",
    }
    known: dict[str, Any] = {"model": "articles.article", "fields": fields}
    if hasattr(section, "natural_key"):
        known["fields"]["section"] = section.natural_key()
    fixture.write_text(json.dumps([known]))
    call_command("loaddata", fixture, verbosity=0)
    answer = reader.ask("GET", Article.objects.get(slug="sournois").get_absolute_url())
    assert answer.status == 200
    assert not re.search(r"<script>x|javascript:|onclick", answer.text)


ON_AN_ARTICLE = {"correct": ["Un rectificatif."], "publish": [], "unpublish": []}
WITHOUT_ARGUMENTS = ("apply_retention", "chores", "recount_comments", "rerender", "send_digest")


@pytest.mark.parametrize("name", ON_AN_ARTICLE)
def test_a_command_says_in_a_sentence_that_there_is_no_such_article(name: str) -> None:
    before = walk.rows()
    for value in [*TEXTS[::9], "9" * 30, "", "../../x", "99999-01-01", "a\0b", "a" * 70_000]:
        with pytest.raises(CommandError, match=r"^Aucun article ne répond à «"):
            call_command(name, "--", value, *ON_AN_ARTICLE[name])
    assert walk.rows() == before


@pytest.mark.parametrize("name", WITHOUT_ARGUMENTS)
def test_a_command_that_takes_nothing_does_nothing_with_something(name: str) -> None:
    before = walk.rows()
    for value in [*TEXTS[::9], "-1", ""]:
        with pytest.raises(CommandError, match="unrecognized arguments"):
            call_command(name, "--", value)
    assert walk.rows() == before


@pytest.mark.parametrize("option", ["--article", "--author-of", "--email", "--since", "--until"])
def test_the_export_of_decisions_refuses_in_sentences(option: str, tmp_path: Path) -> None:
    before, file = walk.rows(), tmp_path / "decisions.csv"
    for value in [*TEXTS[::20], "9" * 30, "99999-01-01", "2026-02-30", "\ud800", "a" * 70_000]:
        with pytest.raises(CommandError) as refusal:
            call_command("export_decisions", f"{option}={value}", "--all", f"--output={file}")
        for sentence in str(refusal.value).splitlines():
            assert re.match("(--[a-z-]+ : )?[A-ZÀÉÊ«].* .*[.?!]$", sentence), sentence
    assert not file.exists()
    assert walk.rows() == before
