"""Where a section's comments are closed, and opened again: who may, and that nothing else of the section changes."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles.models import Section
from comments import closing
from tests.comments.helpers import QUEUE, by_id, page, text
from tests.factories import logged_in, make_article, make_comment, make_section, make_user, set_comments

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
CLOSED = {"commenting": "closed", "commenting_note": "Trop de travail."}
FORGED = {"name": "Autre", "slug": "autre", "position": "7", "description": "Autre"}
CLOSERS = ["Modération en chef", "Direction de la publication"]


@pytest.fixture
def section() -> Section:
    """Return a section."""
    return make_section(name="Idées")


@pytest.fixture
def chief_client(db: None) -> Client:
    """Return a client of a member of «Modération en chef» and of nothing else."""
    return logged_in(make_user("cheffe", groups=["Modération en chef"]))


def desk(section: Section) -> str:
    """Return the address of the page."""
    return f"{QUEUE}fermeture/rubrique/{section.pk}/"


def stored(section: Section) -> dict[str, object]:
    """Return all that is kept of a section."""
    return Section.objects.values().get(pk=section.pk)


@pytest.mark.parametrize("group", CLOSERS)
def test_a_section_is_closed_for_a_reason_that_readers_read(client: Client, section: Section, group: str):
    article = make_article(section=section)
    response = logged_in(make_user("autre", groups=[group])).post(desk(section), CLOSED, follow=True)

    assert "C’est noté" in text(page(response))
    assert "On ne commente plus que les articles ouverts pour eux-mêmes." in text(page(response))
    closed = text(by_id(page(client.get(article.get_absolute_url())), "commenter"))
    assert "fermé les commentaires de la rubrique « Idées »" in closed
    assert "Trop de travail." in closed


def test_it_is_opened_again(chief_client: Client):
    article = make_article(section=make_section(**CLOSED))
    chief_client.post(desk(article.section), {"commenting": "auto", "commenting_note": ""})

    article.section.refresh_from_db()
    assert not closing.of(article).is_closed


@pytest.mark.parametrize("group", CLOSERS)
def test_those_who_close_a_section_change_nothing_else_of_it(section: Section, group: str):
    client, before = logged_in(make_user("autre", groups=[group])), stored(section)
    form = f"/admin/articles/section/{section.pk}/change/"
    assert client.get(form).status_code == 403
    assert client.post(form, FORGED | CLOSED).status_code == 403
    assert stored(section) == before

    client.post(desk(section), FORGED | CLOSED)
    assert stored(section) == before | CLOSED


@pytest.mark.parametrize("groups", [[], ["Modérateurs"], ["Rédacteurs"], ["Modérateurs", "Rédacteurs"]])
def test_others_close_no_section(section: Section, groups: list[str]):
    client, before = logged_in(make_user("autre", groups=groups)), stored(section)

    assert client.get(desk(section)).status_code == 403
    assert client.post(desk(section), CLOSED).status_code == 403
    assert client.post(f"{QUEUE}fermeture/rubrique/999999/", CLOSED).status_code == 403
    assert stored(section) == before


def test_the_history_of_the_section_tells_who_and_why_and_the_same_choice_twice_is_one_act(
    chief_client: Client, section: Section
):
    chief_client.post(desk(section), CLOSED)
    response = chief_client.post(desk(section), CLOSED, follow=True)
    entry = LogEntry.objects.get()

    assert "Rien n’a changé." in text(page(response))
    assert (entry.user.username, entry.get_edited_object()) == ("cheffe", section)
    assert "Trop de travail." in entry.get_change_message()


@pytest.mark.parametrize(
    "values", [{}, {"commenting": "peut-être"}, CLOSED | {"commenting_note": "x" * 201}, {"commenting": "closed\0"}]
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    chief_client: Client, section: Section, values: dict[str, str]
):
    before = stored(section)
    response = chief_client.post(desk(section), values)

    assert "rreur" in text(page(response))
    assert values.get("commenting_note", "") in response.content.decode()
    assert stored(section) == before


@pytest.mark.parametrize("key", ["0", "999999", "9" * 40])
def test_a_section_that_is_not_there_is_not_found(chief_client: Client, key: str):
    assert chief_client.get(f"{QUEUE}fermeture/rubrique/{key}/").status_code == 404
    assert chief_client.post(f"{QUEUE}fermeture/rubrique/{key}/", CLOSED).status_code == 404


def test_the_page_says_where_the_section_stands_and_leads_to_the_others(chief_client: Client, section: Section):
    other = make_section(name=HOSTILE, commenting="closed")
    response = chief_client.get(desk(section))
    shown = text(page(response))

    assert "les lecteurs peuvent commenter les articles de cette rubrique" in shown
    assert f"{HOSTILE} (fermée)" in shown
    assert desk(other) in [link.get("href") for link in page(response).iter("a")]
    assert HOSTILE not in response.content.decode()


def test_during_a_pause_the_page_says_that_nobody_comments(chief_client: Client):
    set_comments(is_paused=True)
    shown = text(page(chief_client.get(desk(make_section(**CLOSED)))))

    assert "en pause sur tout le site" in shown
    assert "ouverts pour eux-mêmes" not in shown


def test_the_pages_of_a_comment_and_of_its_article_lead_there(chief_client: Client):
    comment = make_comment()
    for path in (f"{comment.pk}/change/", f"fermeture/{comment.article_id}/"):
        tree = page(chief_client.get(f"{QUEUE}{path}"))
        assert desk(comment.article.section) in [link.get("href") for link in tree.iter("a")]
