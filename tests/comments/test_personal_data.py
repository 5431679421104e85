"""Whoever asks gets what is kept under their e-mail, and has it forgotten."""

import json
from io import StringIO

import pytest
from django.core.mail import send_mail
from django.core.management import call_command

from comments import privacy
from comments.models import Comment
from multitude.models import OutgoingMail
from tests.factories import make_approved, make_comment

pytestmark = pytest.mark.django_db

ZOE, PAUL = "zoe@exemple.fr", "paul@exemple.fr"


def run(*words: str) -> str:
    """Run the command and return what it says."""
    output = StringIO()
    call_command("personal_data", *words, stdout=output)
    return output.getvalue()


@pytest.fixture(autouse=True)
def _written(settings) -> None:
    """Have two people write, and be written to."""
    settings.MAILERS = {"default": {"BACKEND": "multitude.mail.outbox.Outbox"}}
    for address in (ZOE, PAUL):
        make_approved(author_email=address, body=f"Un avis de {address[0]}")
        make_comment(author_email=address)
        send_mail("Avis", "Un texte.", None, [address])


def test_one_gets_what_is_kept_of_oneself_and_of_nobody_else() -> None:
    found = json.loads(run("Zoe@exemple.fr"))
    assert len(found["comments"]) == 2
    assert found["comments"][0]["body"] == "Un avis de z"
    assert {comment["author_email"] for comment in found["comments"]} == {ZOE}
    assert [mail["recipient"] for mail in found["mails"]] == [ZOE]


def test_what_is_forgotten_is_what_was_given_and_what_is_public_stays() -> None:
    said = run(ZOE, "--forget")
    assert "anonymisés\u00a0: 2. Mails oubliés\u00a0: 1" in said
    assert json.loads(run(ZOE)) == {"comments": [], "mails": []}
    assert Comment.objects.filter(author_email="", client_network="", submission_digest=None).count() == 2
    assert Comment.objects.filter(body="Un avis de z", status="approved").exists()
    assert Comment.objects.filter(author_email=PAUL).count() == 2
    assert OutgoingMail.objects.get().recipient == PAUL


def test_nobody_is_no_person() -> None:
    privacy.forget(PAUL)
    assert privacy.export(" ")["comments"] == []
