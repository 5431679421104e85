"""The digest to moderators: to whom, when, of what, and that a mail never decides."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from comments import notifications
from comments.models import Comment, CommentSettings, Decision
from multitude.mail.outbox import on_a_line
from tests.comments.helpers import make_many
from tests.factories import decide, logged_in, make_article, make_comment, make_user
from tests.parallel import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _site(settings: LazySettings) -> None:
    settings.SITE_URL = "https://journal.exemple"


@pytest.fixture
def zoe() -> User:
    """Return a moderator who can be written to."""
    return make_user("zoe", groups=["Modérateurs"], email="zoe@journal.exemple")


def send(at: datetime) -> list[EmailMessage]:
    """Return the mails that leave at an instant."""
    before = len(mail.outbox)
    with time_machine.travel(at, tick=False):
        assert notifications.send_digest_if_due() == len(mail.outbox) - before
    return mail.outbox[before:]


def comes(at: datetime, **values: object) -> Comment:
    """Return a comment that comes at an instant."""
    with time_machine.travel(at, tick=False):
        return make_comment(**values)


def plain(text: str) -> str:
    """Return a text with its spaces, of every kind, made one."""
    return " ".join(text.split())


# To whom -------------------------------------------------------------------------------------


def test_whoever_decides_and_has_an_address_gets_a_mail_of_their_own(zoe: User):
    direct = make_user("directe", email="directe@journal.exemple")
    direct.user_permissions.set(Permission.objects.filter(codename="decide_comment"))
    make_user("chef", is_superuser=True, email="chef@journal.exemple")
    make_user("sans-adresse", groups=["Modérateurs"])
    make_user("redacteur", groups=["Rédacteurs"], email="redacteur@journal.exemple")
    make_user("partie", groups=["Modérateurs"], email="partie@journal.exemple", is_active=False)
    User.objects.filter(pk=make_user("ex", groups=["Modérateurs"], email="ex@journal.exemple").pk).update(
        is_staff=False
    )
    comes(NOW)
    recipients = [sent.recipients() for sent in send(NOW + MINUTE)]

    assert recipients == [["zoe@journal.exemple"], ["directe@journal.exemple"], ["chef@journal.exemple"]]
    for sent, [address] in zip(mail.outbox, recipients, strict=True):
        assert re.findall(r"\S+@journal\.exemple", sent.message().as_string().split("\n\n")[0]) == [address]


@pytest.mark.parametrize("address", ["a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr", "pas une adresse", "é@b.fr"])
def test_an_account_with_a_wrong_address_holds_nobody_up(settings: LazySettings, zoe: User, address: str):
    User.objects.filter(pk=make_user("fausse", groups=["Modérateurs"], email="x@y.fr").pk).update(email=address)
    comes(NOW)

    with time_machine.travel(NOW + MINUTE, tick=False):
        notifications.send_digest_if_due()
    assert ["zoe@journal.exemple"] in [sent.recipients() for sent in mail.outbox]


# When ----------------------------------------------------------------------------------------


def test_nothing_waits_nothing_leaves(zoe: User):
    decide(make_comment(), "approve")

    assert send(NOW) == []


def test_a_digest_leaves_at_most_every_so_many_minutes(zoe: User):
    CommentSettings.objects.create(pk=1, digest_minutes=30)
    comes(NOW)
    assert len(send(NOW)) == 1
    comes(NOW + 2 * MINUTE)
    assert send(NOW + 29 * MINUTE) == []
    assert len(send(NOW + 30 * MINUTE)) == 1


def test_without_settings_an_hour_lies_between_two(zoe: User):
    comes(NOW)
    assert len(send(NOW)) == 1
    comes(NOW + 2 * MINUTE)
    assert send(NOW + 59 * MINUTE) == []
    assert len(send(NOW + 60 * MINUTE)) == 1


def test_never_is_never(zoe: User):
    CommentSettings.objects.create(pk=1, digest_minutes=None)
    comes(NOW)

    assert send(NOW) == []


def test_what_was_told_already_is_not_told_again(zoe: User):
    comes(NOW)
    assert len(send(NOW + MINUTE)) == 1

    assert send(NOW + timedelta(days=3)) == []


def test_what_came_since_and_was_decided_is_not_told(zoe: User):
    comes(NOW)
    send(NOW + MINUTE)
    decide(comes(NOW + 10 * MINUTE), "approve")

    assert send(NOW + timedelta(hours=2)) == []


def test_what_came_while_the_digest_was_written_is_told_by_the_next(zoe: User):
    comes(NOW)
    send(NOW)
    comes(NOW - timedelta(seconds=10))

    assert len(send(NOW + 60 * MINUTE)) == 1


def test_who_becomes_a_moderator_is_told_at_once(zoe: User):
    comes(NOW)
    send(NOW + MINUTE)
    make_user("jean", groups=["Modérateurs"], email="jean@journal.exemple")

    assert [sent.to for sent in send(NOW + 2 * MINUTE)] == [["jean@journal.exemple"]]


def test_a_clock_that_was_wrong_silences_nobody(zoe: User):
    comes(NOW)
    send(NOW + timedelta(days=400))

    assert len(send(NOW + MINUTE)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_processes_one_sends(zoe: User):
    make_comment()

    assert sorted(together(lambda _number: notifications.send_digest_if_due())) == [0] * 7 + [1]
    assert len(mail.outbox) == 1


# Of what -------------------------------------------------------------------------------------


def test_it_tells_how_many_wait_since_when_and_under_which_articles(zoe: User):
    bridge, market = make_article(headline="Le pont & l’eau"), make_article(headline="Le marché")
    comes(NOW - timedelta(hours=3), article=market)
    for _number in range(2):
        comes(NOW, article=bridge)
    Comment.objects.filter(article=bridge).update(is_suspect=True)
    [sent] = send(NOW + MINUTE)

    desk = "https://journal.exemple/admin/comments/comment/"
    assert sent.subject == "3 commentaires à décider"
    assert "3 commentaires attendent une décision, le plus ancien depuis 3 heures, 1 minute." in plain(sent.body)
    assert (
        f"2 · Le pont & l’eau {desk}?article={bridge.pk} 1 · Le marché {desk}?article={market.pk} Toute la liste : {desk}"
    ) in plain(sent.body)
    assert "au plus toutes les 60 minutes" in sent.body
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}


def test_it_tells_nothing_of_readers(zoe: User):
    comes(NOW, author_name="Nom de lectrice", author_email="lectrice@exemple.fr", body="Texte de lectrice.")
    [sent] = send(NOW)
    source = sent.message().as_string() + sent.body

    assert not re.search("lectrice|2001:db8", source)


@pytest.mark.parametrize(
    "headline", ["Titre\nBcc: c@d.fr", "Titre\r\n\r\nTexte", "Titre\x00\u202e\u2028x", "<b>Titre</b>"]
)
def test_no_headline_makes_a_header_or_a_line(zoe: User, headline: str):
    article = make_article()
    comes(NOW, article=article)
    if "\x00" not in headline:
        type(article).objects.filter(pk=article.pk).update(headline=headline)
    [sent] = send(NOW)
    source = sent.message()

    assert (sent.recipients(), source["Bcc"]) == (["zoe@journal.exemple"], None)
    assert f"1 · {on_a_line(article.headline if chr(0) in headline else headline)}\n" in sent.body


def test_a_long_list_of_articles_is_cut(zoe: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notifications, "MOST_ARTICLES", 2)
    for _number in range(5):
        comes(NOW)
    [sent] = send(NOW)

    assert sent.body.count("?article=") == 2
    assert "… et sous 3 autres articles." in plain(sent.body)


def test_what_was_passed_on_is_told_to_directors_alone(zoe: User):
    make_user("directrice", groups=["Direction de la publication"], email="directrice@journal.exemple")
    comment = comes(NOW)
    send(NOW)
    with time_machine.travel(NOW + 10 * MINUTE, tick=False):
        decide(comment, "escalate", explanation="Un doute.")
    [sent] = send(NOW + 60 * MINUTE)

    assert sent.to == ["directrice@journal.exemple"]
    assert sent.subject == "1 transmis à la direction"
    assert f"comment/?status=escalated&article={comment.article_id}" in sent.body
    assert "il y a 50 minutes" in plain(sent.body)
    assert send(NOW + 120 * MINUTE) == []


def test_a_director_is_told_both_in_one_mail():
    make_user("directrice", groups=["Direction de la publication"], email="directrice@journal.exemple")
    decide(comes(NOW), "escalate", explanation="Un doute.")
    comes(NOW)
    [sent] = send(NOW)

    assert sent.subject == "1 commentaire à décider, 1 transmis à la direction"


def test_more_recipients_and_comments_cost_no_more_reading(zoe: User, django_assert_max_num_queries: partial):
    make_many(40, status="pending")
    for number in range(5):
        make_user(f"autre{number}", groups=["Modérateurs"], email=f"autre{number}@journal.exemple")

    # Each mail that leaves is noted, and the lease held.
    with django_assert_max_num_queries(16 + 6 * 8):
        assert notifications.send_digest_if_due() == 6


# A mail decides nothing ----------------------------------------------------------------------


def test_to_open_any_link_of_a_mail_decides_nothing():
    director = make_user("directrice", groups=["Direction de la publication"], email="directrice@journal.exemple")
    decide(comes(NOW), "escalate", explanation="Un doute.")
    comes(NOW)
    [sent] = send(NOW)
    links = re.findall(r"https://journal\.exemple(\S+)", sent.body)
    before = (Decision.objects.count(), list(Comment.objects.order_by("pk").values()))

    assert len(links) == 4
    for client in (logged_in(director), Client()):
        for link in links:
            assert client.get(link).status_code in {200, 302}
            assert client.head(link).status_code in {200, 302}
    assert (Decision.objects.count(), list(Comment.objects.order_by("pk").values())) == before


# The command ---------------------------------------------------------------------------------


def test_the_command_sends_and_says_how_many(zoe: User, capsys: pytest.CaptureFixture[str]):
    make_comment()
    call_command("send_digest")
    call_command("send_digest")

    assert plain(capsys.readouterr().out) == "Avis confiés à l’envoi : 1. Avis confiés à l’envoi : 0."
