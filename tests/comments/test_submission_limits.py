"""How long each field may be, and which characters make a comment."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import page, post, submit_path, text, value
from tests.factories import make_article

pytestmark = pytest.mark.django_db

EMAIL_254 = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.fr"
INVISIBLE = {
    "zero-width space": "\u200b",
    "joiners": "\u200c\u200d",
    "no-break spaces": "\u00a0\u202f\u3000",
    "soft hyphen": "\u00ad",
    "bidi controls": "\u202e\u2066\u2069",
    "a lone combining mark": "\u0301",
    "variation selector": "\ufe0f",
    "word joiner": "\u2060\ufeff",
    "tags": "\U000e0041\U000e007f",
    "hangul fillers": "\u3164\u115f\uffa0",
    "blank braille": "\u2800",
    "controls": "\x07\x1b",
}


@pytest.mark.parametrize(
    ("field", "longest"),
    [("author_name", "n" * 80), ("author_email", EMAIL_254), ("body", "t" * 5_000), ("body", "🙂" * 5_000)],
)
def test_the_longest_value_is_taken(client: Client, field: str, longest: str):
    assert post(client, make_article(), **{field: longest}).status_code == 303
    assert getattr(Comment.objects.get(), field) == longest


@pytest.mark.parametrize(
    ("field", "longer", "sentence"),
    [
        ("author_name", "n" * 81, "Votre nom ne peut dépasser 80 caractères (il en a 81)."),
        ("author_email", f"a{EMAIL_254}", "Votre email ne peut dépasser 254 caractères (il en a 255)."),
        ("body", "t" * 5_001, "Votre commentaire ne peut dépasser 5000 caractères (il en a 5001)."),
    ],
)
def test_one_character_more_is_refused_and_kept(client: Client, field: str, longer: str, sentence: str):
    response = post(client, make_article(), **{field: longer})

    assert response.status_code == 422
    assert sentence in text(page(response))
    assert value(page(response), field) == longer


def test_a_line_end_of_two_characters_counts_once(client: Client):
    assert post(client, make_article(), body="a\r\n" * 2_499 + "fi").status_code == 303
    assert len(Comment.objects.get().body) == 2 * 2_499 + 2


def test_spaces_around_a_value_do_not_count(client: Client):
    assert post(client, make_article(), body=f"\r\n  {'t' * 5_000}  \r\n").status_code == 303


def test_a_comment_of_emoji_alone_is_one(client: Client):
    assert post(client, make_article(), body="👍🏽 👩‍👩‍👧").status_code == 303
    assert Comment.objects.get().body == "👍🏽 👩‍👩‍👧"


@pytest.mark.parametrize("body", ["?", "😀", "مرحبا", "שלום", "1", "…"])
def test_a_single_visible_character_is_enough(client: Client, body: str):
    assert post(client, make_article(), body=body).status_code == 303


@pytest.mark.parametrize("field", ["author_name", "body"])
@pytest.mark.parametrize("invisible", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_what_nobody_can_see_is_refused(client: Client, field: str, invisible: str):
    assert post(client, make_article(), **{field: invisible}).status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", ["author_name", "author_email", "body", "parent"])
def test_a_null_character_is_refused(client: Client, field: str):
    assert post(client, make_article(), **{field: "a\x00b"}).status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", ["author_name", "author_email", "body", "parent", "website", "autre"])
@pytest.mark.parametrize("octets", ["%ED%A0%80", "%FF%FE", "%C3", "%F5%80%80%80", "%E2%80"])
def test_octets_that_are_no_text_are_never_a_fault(client: Client, field: str, octets: str):
    data = f"author_name=Jeanne&author_email=j%40exemple.fr&body=Oui&{field}=a{octets}b"
    response = client.post(submit_path(make_article()), data, content_type="application/x-www-form-urlencoded")

    assert response.status_code in {303, 422}


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "rot13", "hex", "inconnu"])
@pytest.mark.parametrize("name", ["", "Jeanne"])
def test_another_charset_is_never_a_fault(client: Client, charset: str, name: str):
    parts = {"author_name": name, "author_email": "j@exemple.fr", "body": "Oui +2AA- \\ud800"}
    lines = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in parts.items()]
    response = client.generic(
        "POST",
        submit_path(make_article()),
        "".join([*lines, "--x--\r\n"]).encode(),
        f"multipart/form-data; boundary=x; charset={charset}",
    )

    assert response.status_code in {303, 400, 415, 422}
