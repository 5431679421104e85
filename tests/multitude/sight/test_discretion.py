"""What must not reach the log, whoever writes the line."""

import pytest
from django.core import signing
from django.db import IntegrityError

from comments.models import new_follow_up_key
from multitude.sight import discretion


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("550 <jeanne.dupont+x@exemple.fr> refusé", "550 <[email]> refusé"),
        ("depuis 203.0.113.77, puis 2001:db8:1:2::9", "depuis 203.0.113.0, puis [adresse]"),
        ("127.0.0.1:6379 ne répond pas à 12:30:45", "127.0.0.1:6379 ne répond pas à 12:30:45"),
        ("/recherche/?q=maladie et /x", "/recherche/?… et /x"),
        (
            "L’examen « legal_pages » a échoué : DatabaseAwayMiddleware",
            "L’examen « legal_pages » a échoué : DatabaseAwayMiddleware",
        ),
    ],
)
def test_a_line_loses_what_names_somebody(text: str, redacted: str) -> None:
    assert discretion.redact(text) == redacted


def test_a_line_loses_keys_and_tokens() -> None:
    token = signing.dumps({"article": 12})
    assert token not in discretion.redact(f"/apercu/{token}/")
    # One key in some thousands has no figure, or no capital.
    kept = [key for key in (new_follow_up_key() for _number in range(300)) if key in discretion.redact(f"/x/{key}/")]
    assert len(kept) < 15


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ValueError("invalid literal for int() with base 10: 'un texte'"),
            "ValueError: invalid literal for int() with base 10: …",
        ),
        (KeyError("author_email"), "KeyError: 'author_email'"),
        (IntegrityError("duplicate key\nDETAIL:  Key (body)=(un texte) exists."), "IntegrityError: duplicate key"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_an_exception_says_its_type_and_no_value(error: Exception, said: str) -> None:
    assert discretion.said(error) == said


def test_a_traceback_names_places_and_no_value() -> None:
    def fail(secret: str) -> None:
        try:
            int(secret)
        except ValueError as error:
            raise RuntimeError(secret) from error

    with pytest.raises(RuntimeError) as raised:
        fail("un texte secret")
    told = discretion.told(raised.value)
    assert "tests/multitude/sight/test_discretion.py" in told
    assert "ValueError" in told
    assert "fail" in told


@pytest.mark.parametrize(
    ("peer", "label"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::9", "2001:db8:1::"), ("", ""), ("n’importe", "")],
)
def test_of_an_address_one_learns_the_neighbourhood(peer: str, label: str) -> None:
    assert discretion.client_label(peer, "") == label


def test_a_long_line_is_read_in_linear_time() -> None:
    for piece in ("a@", "a", "1.", "a:", "?", "'", "A1-"):
        discretion.redact(piece * 50_000)
        discretion.said(ValueError(piece * 50_000))
