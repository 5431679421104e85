"""Every public page is valid HTML: to a strict parser, and to the Nu Html Checker, which is what the W3C's validator runs."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.articles import leaks
from tests.articles.leaks import Planted
from tests.articles.pictures.making import make_picture
from tests.comments.helpers import make_many
from tests.factories import make_article, make_author, make_section
from tests.installed import lack

pytestmark = pytest.mark.django_db

WHOLE = (Path(__file__).parent / "whole.html").read_text().strip()
VNU = Path(settings.BASE_DIR) / ".tools" / "vnu" / "vnu.jar"
# What it warns of and we keep: Safari reads a list without bullets as none unless it is told that it is one, and a
# reader's comment has a name over it, which is no heading.
KEPT = ("The “list” role is unnecessary for element", "Article lacks heading.")
ODD = '"Deux" <b>mots</b> & trois «]]>»'


@pytest.fixture
def pages(client: Client) -> dict[str, str]:
    """Return every public page, and every answer in HTML that a public address gives, by its path."""
    planted: Planted = leaks.plant()
    rich = make_article(
        slug="tout",
        headline=ODD,
        kicker=ODD[:60],
        standfirst=ODD,
        footnote=ODD,
        body=WHOLE
        + f'<figure data-picture="{make_picture(made=True, alternative_text=ODD, caption=ODD).pk}"></figure>',
        section=make_section(slug="tout", name=ODD, description=ODD),
        authors=[make_author(slug="une", name=ODD, credentials=ODD), make_author(slug="deux")],
        lead_picture=make_picture(made=True, alternative_text=ODD, caption=ODD, credit=ODD),
        published_at=(timezone.now() - timedelta(days=1)).replace(microsecond=123_456),
    )
    make_many(51, rich)
    paths = [path for route in leaks.ADDRESSES for path in planted.paths(route)]
    paths += [
        f"/{path}" for path in ("articles/tout/", "articles/tout/?page=2", "rubriques/tout/", "auteurs/une/", "rien/")
    ]
    paths += [f"/recherche/?q={typed}" for typed in ("deux+mots", "xylophone", "le", "deux+mots" * 30)]
    answers = {path: client.get(path) for path in paths}
    answers["a form with errors"] = client.post("/articles/tout/commentaires/", {"author_email": ODD, "body": ODD})
    make_article(slug="jadis", published_at=datetime(2020, 3, 1, tzinfo=UTC))
    late = {"author_name": ODD, "author_email": "a@exemple.fr", "body": ODD}
    answers["a comment that comes too late"] = client.post("/articles/jadis/commentaires/", late)
    return {
        path: each.content.decode() for path, each in answers.items() if each.content and "html" in each["Content-Type"]
    }


def test_no_parser_has_to_guess(pages: dict[str, str]) -> None:
    faults = {}
    for path, source in pages.items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(source)
        if parser.errors:
            faults[path] = parser.errors
    assert faults == {}
    assert len(pages) >= 30


def test_the_w3cs_validator_has_nothing_to_say(pages: dict[str, str], tmp_path: Path) -> None:
    names = {f"{number:03}.html": path for number, path in enumerate(pages)}
    for name, path in names.items():
        (tmp_path / name).write_text(pages[path], encoding="utf-8")
    faults = {
        f"{names[Path(each['url']).name]} : {each['message']} {each.get('extract', '')}"
        for each in _checked(tmp_path)
        if each["type"] == "error" or not each["message"].startswith(KEPT)
    }
    assert faults == set()


def _checked(folder: Path) -> list[dict[str, Any]]:
    """Return what the checker says of the pages in a folder, errors and warnings; without it, skip on a laptop and fail on CI."""
    java = shutil.which("java")
    if java is None or not VNU.exists():
        message = (
            "Le validateur HTML manque : « make vnu », et Java (sous Debian, « apt install default-jre-headless »)."
        )
        lack(message)
    command = [java, "-Xss4m", "-jar", str(VNU), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found: list[dict[str, Any]] = json.loads(answer.stdout)["messages"]
    return found
