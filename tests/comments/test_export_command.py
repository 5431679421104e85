"""`manage.py export_decisions`: the export of the admin, from a shell."""

import io
import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import decide, make_comment

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    """A stream on which progress is drawn."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def output(**options: object) -> str:
    """Return what the command writes."""
    out = io.StringIO()
    call_command("export_decisions", stdout=out, **options)
    return out.getvalue()


def test_it_writes_what_the_page_gives():
    comment = decide(make_comment(), "approve")
    decide(make_comment(), "approve")
    [record] = json.loads(output(format="json", article=comment.article.slug))

    assert record["comment"] == comment.pk
    assert "author_email" not in record


def test_personal_data_are_asked_for():
    comment = decide(make_comment(), "approve")
    [record] = json.loads(output(format="json", email=comment.author_email, personal_data=True))

    assert record["author_email"] == comment.author_email


def test_nothing_found_is_a_file_without_rows():
    assert json.loads(output(format="json", everything=True)) == []
    assert output(everything=True).count("\r\n") == 1


def test_a_file_is_for_its_account_alone_and_appears_whole(tmp_path: Path):
    decide(make_comment(), "approve")
    path = tmp_path / "décisions.csv"
    assert output(everything=True, output=path) == ""

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(CommandError, match="Impossible d’écrire"):
        output(everything=True, output=tmp_path / "absent" / "décisions.csv")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Donnez au moins un critère"),
        ({"author_of": "x"}, "--author-of : Aucun commentaire"),
        ({"since": "hier"}, "--since : Cette date"),
    ],
)
def test_wrong_options_are_said(options: dict[str, str], words: str):
    with pytest.raises(CommandError) as raised:
        output(**options)
    assert words in " ".join(str(raised.value).split())


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_drawn_on_a_terminal_alone(terminal: bool):
    decide(make_comment(), "approve")
    err = Terminal() if terminal else io.StringIO()
    call_command("export_decisions", everything=True, stdout=io.StringIO(), stderr=err)

    assert ("100 %" in err.getvalue()) is terminal
