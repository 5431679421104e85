"""The essay as one reads it: title, signature, intertitle, footnote."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from tests.articles.reading import every, one, parse, text

pytestmark = pytest.mark.django_db

PATH = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"


@pytest.fixture
def page(client: Client) -> Any:
    """Return the essay's page, parsed, some days after its publication."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        call_command("loaddata", "essay", verbosity=0)
        response = client.get(PATH)
    assert response.status_code == 200
    return parse(response)


def article(page: Any) -> Any:
    """Return the article's element."""
    return one(page, ".//h:article[@class='article']")


def test_its_title_is_the_only_h1(page: Any) -> None:
    assert text(one(page, ".//h:h1")) == "Les dirigeants et les attentes de la « multitude »"
    assert text(one(page, ".//h:title")).startswith("Les dirigeants et les attentes de la « multitude »")


def test_its_signature_gives_the_author_and_his_credentials(page: Any) -> None:
    byline = one(page, ".//h:p[@class='byline']")
    assert text(one(byline, "h:a[@rel='author']")) == "Nicolas Colin"
    assert one(byline, "h:a[@rel='author']").get("href") == "/auteurs/nicolas-colin/"
    assert text(byline).endswith(
        "expert APM, inspecteur des finances et rapporteur de la mission « Création et internet »"
    )


def test_it_has_one_intertitle(page: Any) -> None:
    assert text(one(article(page), ".//h:h2")) == "Repositionner et repenser"


def test_the_asterisk_leads_to_the_footnote_and_back(page: Any) -> None:
    call = one(page, ".//h:p[@class='byline']/h:a[@class='note-call']")
    note = one(page, ".//h:p[@class='footnote']")
    back = one(note, "h:a")
    assert text(call) == text(back) == "*"
    assert call.get("href") == f"#{note.get('id')}"
    assert back.get("href") == f"#{call.get('id')}"


def test_the_footnote_says_what_he_wrote(page: Any) -> None:
    assert text(one(page, ".//h:p[@class='footnote']")) == (
        "* Auteur de L’âge de la multitude, entreprendre et gouverner après la révolution numérique "
        "(Armand Colin, 2012)."
    )


def test_its_thread_is_empty_and_says_so(page: Any) -> None:
    thread = one(page, ".//h:section[@id='commentaires']")
    assert text(one(thread, "h:h2")) == "Commentaire 0"
    assert "Soyez le premier à donner votre avis !" in text(thread)


def test_it_has_a_date_a_reading_time_and_both_rankings(page: Any) -> None:
    assert one(page, ".//h:div[@class='signature']//h:time").get("datetime").startswith("2026-11-02T")
    assert "2 minutes de lecture" in text(one(page, ".//h:div[@class='signature']"))
    titles = [text(title) for title in every(one(page, ".//h:aside"), ".//h:h2")]
    assert titles == ["Sujets les + lus", "Sujets les + commentés"]


def test_it_names_the_address_of_its_beacon(page: Any) -> None:
    assert article(page).get("data-beacon", "").startswith("/vues/")
