"""Mail is written with the act that it tells of, by whatever sends mail in Django, or refused before it is written."""

import re
from contextlib import suppress

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from multitude.mail import delivery, outbox
from multitude.mail.outbox import MailRefused
from multitude.models import OutgoingMail
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db


def write(**values: object) -> OutgoingMail:
    """Write a mail, and return what is stored."""
    EmailMessage(**{"subject": "Avis", "body": "Un texte.", "to": ["zoe@exemple.fr"]} | values).send()
    return OutgoingMail.objects.latest("pk")


def test_whatever_sends_mail_in_django_writes_it_into_the_outbox(server: MailServer):
    assert send_mail("Avis", "Un texte.", None, ["zoe@exemple.fr"]) == 1
    mail = OutgoingMail.objects.get()

    assert (mail.recipient, mail.subject, mail.status) == ("zoe@exemple.fr", "Avis", "waiting")
    assert server.sessions == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_has_written_no_mail(server: MailServer):
    with suppress(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert not OutgoingMail.objects.exists()


def test_each_recipient_has_a_mail_of_their_own_and_hidden_ones_stay_hidden(server: MailServer):
    write(to=["Zoé <zoe@exemple.fr>", "zoe@exemple.fr"], cc=["anne@exemple.fr"], bcc=["bob@exemple.fr"])
    delivery.deliver()

    assert [mail.recipients for mail in server.received] == [
        ["zoe@exemple.fr"],
        ["anne@exemple.fr"],
        ["bob@exemple.fr"],
    ]
    assert len({mail.source for mail in server.received}) == 1
    assert b"bob" not in server.received[0].source


def test_what_arrives_is_what_was_written_to_the_letter(server: MailServer):
    letter = EmailMultiAlternatives(
        "Réponse à « L’œuvre », " + "très " * 30 + "longue",
        "Été.\n.\n.. points\nFrom ici\n" + "mot " * 400,
        "La rédaction <redaction@exemple.fr>",
        ["zoe@élan.fr"],
    )
    letter.attach_alternative("<p>Été</p>", "text/html")
    letter.attach("liste.csv", "a;é\n", "text/csv")
    letter.send()
    stored = bytes(OutgoingMail.objects.get().source)
    delivery.deliver()
    [received] = server.received

    assert received.recipients == ["zoe@xn--lan-9la.fr"]
    assert received.source.replace(b"\r\n..", b"\r\n.") == stored


def test_a_mail_has_its_identity_from_the_start(settings: LazySettings, server: MailServer):
    settings.SITE_URL = "https://journal.exemple"
    first, second = write(), write(headers={"message-id": "<a@b.fr>"})

    assert re.fullmatch(r"<[^@\s]+@journal\.exemple>", first.message_id)
    assert f"Message-ID: {first.message_id}".encode() in bytes(first.source)
    assert second.message_id == "<a@b.fr>"


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "Avis\nBcc: c@d.fr"},
        {"subject": "Avis\r\n\r\nTexte"},
        {"from_email": "a@b.fr\nBcc: c@d.fr"},
        {"to": ["a@b.fr\r\nBcc: c@d.fr"]},
        {"to": ["a@b.fr, c@d.fr"]},
        {"to": ["pas une adresse"]},
        {"to": ["é@b.fr"]},
        {"to": ["webmaster"]},
        {"to": ["a\0@b.fr"]},
        {"to": ["a" * 400 + "@b.fr"]},
        {"reply_to": ["a@b.fr\nBcc: c@d.fr"]},
        {"headers": {"X-Suite": "a\nBcc: c@d.fr"}},
        {"headers": {"Bcc": "c@d.fr"}},
        {"headers": {"Message-ID": "<a@b.fr>\r\nBcc: c@d.fr"}},
        {"body": "a" * outbox.MOST_BYTES},
        {"body": "a\0b"},
        {"body": "\ud800"},
        {"to": [f"a{number}@b.fr" for number in range(outbox.MOST_RECIPIENTS + 1)]},
    ],
)
def test_what_no_mail_can_be_made_of_is_refused_and_nothing_is_written(server: MailServer, values: dict[str, object]):
    with pytest.raises(MailRefused):
        write(**values)

    assert not OutgoingMail.objects.exists()


def test_of_several_mails_none_is_written_where_one_is_refused(server: MailServer):
    mails = [EmailMessage("Avis", "Texte", to=[address]) for address in ("zoe@exemple.fr", "rien")]
    with pytest.raises(MailRefused):
        outbox.Outbox().send_messages(mails)

    assert not OutgoingMail.objects.exists()


def test_a_subject_is_listed_on_a_line(server: MailServer):
    assert write(subject="Un\ttitre\u202e  là").subject == "Un titre là"


# Whose it is ---------------------------------------------------------------------------------


def test_what_is_kept_of_a_person_is_found_and_forgotten(server: MailServer):
    write(to=["Zoe@Élan.fr"], body="Un texte pour elle.")
    write(to=["bob@exemple.fr"])
    [told] = outbox.export("zoe@élan.fr")

    assert (told["subject"], "Un texte pour elle." in told["source"]) == ("Avis", True)
    assert outbox.erase("ZOE@ÉLAN.FR") == 1
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["bob@exemple.fr"]
    assert outbox.erase("pas une adresse") == 0
