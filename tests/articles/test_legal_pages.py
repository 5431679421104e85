"""The legal pages as readers find them: the starting texts, what they take from settings, and every later version."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import models
from django.test import Client, override_settings

from articles import legal
from articles.models import ROUTES, LegalPage
from comments import privacy
from multitude.append_only import AppendOnlyError
from multitude.models import PurgeEvent
from multitude.versions import Superseded
from tests.articles.reading import every, one, parse, text
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

NOTICE, PRIVACY, ACCESSIBILITY, CONTACT = (f"/{name}/" for name in ROUTES)
PLACE = "<p>Nom : [à compléter : nom].</p>"


def main(client: Client, path: str) -> str:
    """Return what the main part of a page says."""
    return text(one(parse(client.get(path)), ".//h:main"))


def publish(body: str, *, name: str = "contact") -> LegalPage:
    """Write the next version of a page."""
    return legal.publish(name=name, body=body, author=None)


# The starting texts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title", "words"),
    [
        (
            NOTICE,
            "Mentions légales",
            ["Éditeur", "loi n° 2004-575", "Directeur ou directrice", "Hébergement", "réponse"],
        ),
        (
            PRIVACY,
            "Confidentialité",
            ["RGPD", "adresse email", "adresse du réseau", "intérêt légitime", "CNIL", "droits"],
        ),
        (ACCESSIBILITY, "Accessibilité", ["RGAA", "non conforme", "Ce qui n’est pas vérifié", "Défenseur des droits"]),
        (CONTACT, "Contact", ["contenu illicite", "(UE) 2022/2065", "Point de contact", "bonne foi"]),
    ],
)
def test_each_page_says_what_the_law_asks_for(client: Client, path: str, title: str, words: list[str]) -> None:
    said = main(client, path)
    assert said.startswith(title)
    assert [word for word in words if word not in said] == []
    assert "Dernière modification le" in said


@pytest.mark.parametrize("path", [NOTICE, PRIVACY, ACCESSIBILITY, CONTACT])
def test_every_link_of_a_starting_text_leads_somewhere(client: Client, path: str) -> None:
    links = [link.get("href") for link in every(parse(client.get(path)), ".//h:div[@class='prose']//h:a")]
    inside = {link for link in links if link.startswith("/")} - {"/charte/"}
    assert {link: client.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


@pytest.mark.parametrize("path", [NOTICE, PRIVACY, ACCESSIBILITY, CONTACT])
def test_what_is_to_be_filled_in_stands_out(client: Client, path: str) -> None:
    places = every(parse(client.get(path)), ".//h:main//h:mark")
    assert places
    assert all(text(place).lower().startswith("[à compléter") for place in places)


@pytest.mark.parametrize("path", [NOTICE, PRIVACY, ACCESSIBILITY, CONTACT])
def test_every_page_leads_to_the_legal_pages(client: Client, path: str) -> None:
    for page in ("/", make_article().get_absolute_url(), "/rien/"):
        assert path in [link.get("href") for link in every(parse(client.get(page)), ".//h:footer//h:a")]


def test_the_promise_to_readers_is_the_retention_that_is_applied(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"effacés {privacy.RETENTION.days} jours après l’envoi" in main(client, PRIVACY)
    monkeypatch.setattr(privacy, "RETENTION", timedelta(days=30))
    assert "effacés 30 jours après l’envoi" in main(client, PRIVACY)


@override_settings(DEFAULT_FROM_EMAIL="Le journal <ecrire@journal.exemple>", SITE_URL="https://journal.exemple")
@pytest.mark.parametrize("path", [NOTICE, PRIVACY, ACCESSIBILITY, CONTACT])
def test_one_writes_to_the_address_of_the_settings(client: Client, path: str) -> None:
    page = parse(client.get(path))
    assert "mailto:ecrire@journal.exemple" in [link.get("href") for link in every(page, ".//h:main//h:a")]
    assert one(page, ".//h:link[@rel='canonical']").get("href") == f"https://journal.exemple{path}"
    assert "{" not in text(one(page, ".//h:main"))


# Versions ------------------------------------------------------------------------------------------


def test_the_last_version_is_shown_with_its_day(client: Client) -> None:
    with time_machine.travel(datetime(2030, 11, 1, 12, tzinfo=UTC), tick=False):
        publish("<p>Écrivez-nous !</p>")
        assert main(client, CONTACT) == "Contact Dernière modification le 1er novembre 2030 Écrivez-nous !"


def test_a_version_purges_the_page_it_replaces(client: Client) -> None:
    shown = client.get(CONTACT)["Surrogate-Key"].split()
    publish("<p>Autre.</p>")
    assert set(PurgeEvent.objects.latest("pk").keys.split()) & set(shown)


def test_a_page_that_was_missing_is_purged_when_it_is_written(client: Client) -> None:
    models.QuerySet(LegalPage).delete()
    response = client.get(CONTACT)
    assert response.status_code == 404
    publish("<p>Autre.</p>")
    assert set(PurgeEvent.objects.latest("pk").keys.split()) & set(response["Surrogate-Key"].split())
    assert client.get(CONTACT).status_code == 200


def test_numbers_follow_each_other_page_by_page() -> None:
    assert [
        publish("<p>a</p>").number,
        publish("<p>b</p>").number,
        publish("<p>c</p>", name="accessibilite").number,
    ] == [
        2,
        3,
        2,
    ]
    assert legal.in_force().count() == 4


def test_a_stale_version_is_refused_and_the_colleague_named() -> None:
    legal.publish(name="contact", body="<p>Deux.</p>", author=make_user("collegue"))
    with pytest.raises(Superseded, match="collegue a enregistré la version 2"):
        legal.publish(name="contact", body="<p>Le mien.</p>", author=None, replaces=1)
    assert LegalPage.objects.filter(name="contact").count() == 2


def test_no_version_is_changed_or_deleted() -> None:
    version = publish("<p>a</p>")
    for act in (version.save, version.delete, LegalPage.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(AppendOnlyError):
        LegalPage.objects.update(body="")


# Texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<p>Oui ?</p><script>x</script>", "<p>Oui\u202f?</p>"),
        ('<p onclick="x">a</p><img src=x onerror=y>', "<p>a</p>"),
        ('<p><a href="javascript:x">a</a></p>', "<p><a>a</a></p>"),
        ('<figure data-picture="1"><figcaption>a</figcaption></figure><p>b</p>', "<p>a</p><p>b</p>"),
        ('<figure data-picture="1"><figcaption><ul><li>a</li></ul></figcaption></figure>', "<p>a</p>"),
        ('<figure data-picture="1"></figure><p>b</p>', "<p>b</p>"),
        ("<mark>a</mark>", "a"),
    ],
)
def test_a_text_is_cleaned_and_typographed(body: str, html: str) -> None:
    assert legal.render(body) == html


@pytest.mark.parametrize(
    "place",
    ["[à compléter]", "[À compléter : nom]", "[A COMPLETER]", "[ à  compléter, svp ]", "[a\u0300 comple\u0301ter]"],
)
def test_a_place_is_known_however_it_was_typed(place: str) -> None:
    html = legal.render(f"<p>Nom : {place}.</p>")
    assert "<mark>[" in html
    assert len(legal.missing(html)) == 1


@pytest.mark.parametrize(
    "words",
    ["à compléter", "[complété]", "[à complétertous]", "[autre] à compléter]", '<a title="[à compléter]">a</a>'],
)
def test_other_words_are_no_place(words: str) -> None:
    html = legal.render(f"<p>{words}</p>")
    assert "<mark>" not in html
    assert legal.missing(html) == []


def test_a_place_whose_words_are_set_apart_is_missing_all_the_same() -> None:
    assert legal.missing(legal.render("<p>[à compléter : <em>le</em> nom &amp; l’adresse]</p>")) == [
        "[à compléter : le nom & l’adresse]"
    ]


def test_a_text_of_brackets_alone_is_read_in_linear_time() -> None:
    hostile = "<p>" + "[à compléter" * 4_000 + "</p>"
    assert legal.missing(legal.render(hostile)) == []
