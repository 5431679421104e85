"""Tags at the desk: typed on an article's page, renamed, merged and deleted, each by who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles import publishing
from articles.models import MOST_TAGS, Article, Autosave, Event, Tag
from tests.articles.reading import every, parse
from tests.articles.test_admin import ADD, change, errors
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_draft, make_section, make_tag, make_user

pytestmark = pytest.mark.django_db

TAGS = "/admin/articles/tag/"
CHOOSE = f"{TAGS}choisir/"


def names(article: Article) -> list[str]:
    """Return the names of an article's tags."""
    return [tag.name for tag in article.tags.all()]


def merge_page(tag: Tag) -> str:
    """Return the address of the page that merges a tag."""
    return f"{TAGS}{tag.pk}/fondre/"


# On an article's page ----------------------------------------------------------------------------


def test_tags_are_typed_known_ones_and_new_ones(editor_client: Client) -> None:
    make_tag("Économie")
    article = make_draft()
    editor_client.post(change(article), sent(article, tag_names="economie,  Rivières ; ECONOMIE"))
    assert names(article) == ["Économie", "Rivières"]
    assert Tag.objects.count() == 2


def test_a_new_article_gets_its_tags(editor_client: Client) -> None:
    fields = sent(Article(headline="Un titre", body="<p>a</p>", section=make_section()), tag_names="Eau, Sel")
    assert editor_client.post(ADD, fields).status_code == 302
    assert names(Article.objects.get()) == ["Eau", "Sel"]


def test_the_form_shows_what_is_stored(editor_client: Client) -> None:
    article = make_draft(tags=[make_tag("Sel"), make_tag("Eau")])
    assert 'value="Eau, Sel"' in editor_client.get(change(article)).content.decode()


def test_an_emptied_field_takes_all_tags_away(editor_client: Client) -> None:
    article = make_draft(tags=[make_tag()])
    editor_client.post(change(article), sent(article, tag_names=""))
    assert names(article) == []


def test_a_form_that_says_nothing_of_tags_leaves_them(editor_client: Client) -> None:
    article = make_draft(tags=[make_tag("Eau")])
    assert editor_client.post(change(article), sent(article)).status_code == 302
    assert names(article) == ["Eau"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (", ".join(f"Thème {number}" for number in range(MOST_TAGS + 1)), "12 thèmes au plus : il y en a 13"),
        ("x" * 61, "60"),
        ("Eau, \u200b", None),
        ("Eau\ud800, S\x00el", None),
        ("a," * 600, "1000"),
        ("/ / /", "au moins une lettre ou un chiffre"),
        ("…", "au moins une lettre ou un chiffre"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(editor_client: Client, typed: str, said: str | None) -> None:
    article = make_draft()
    response = editor_client.post(change(article), sent(article, tag_names=typed.encode("utf-8", "replace").decode()))
    if said is None:
        assert response.status_code in {200, 302}
    else:
        assert said in " ".join(errors(response, "tag_names"))
        assert names(article) == []


def test_a_journalist_adds_tags_to_a_draft(client: Client) -> None:
    writer = logged_in(make_user("plume", groups=["Journalistes"]))
    article = make_draft()
    writer.post(change(article), sent(article, tag_names="Eau"))
    assert names(article) == ["Eau"]


def test_who_may_add_no_tag_chooses_among_those_there_are() -> None:
    user = make_user("pigiste", groups=["Journalistes"])
    user.groups.get().permissions.remove(Permission.objects.get(codename="add_tag"))
    writer, article = logged_in(user), make_draft()
    make_tag("Eau")
    response = writer.post(change(article), sent(article, tag_names="eau, Sel"))
    assert "il n’y en a pas de ce nom : Sel." in errors(response, "tag_names")[0]
    writer.post(change(article), sent(article, tag_names="eau"))
    assert names(article) == ["Eau"]


def test_who_may_only_read_is_shown_the_tags() -> None:
    reader = logged_in(make_user("lectrice", groups=["Modérateurs"]))
    article = make_draft(tags=[make_tag("Eau douce")])
    assert "Eau douce" in reader.get(change(article)).content.decode()


def test_tags_that_were_not_saved_are_taken_up_again(editor_client: Client) -> None:
    article = make_draft(tags=[make_tag("Eau")])
    editor_client.post(f"/admin/articles/article/{article.pk}/brouillon/", sent(article, tag_names="Eau, Sel"))
    key = Autosave.objects.get().form_key
    assert "Reprendre ce que vous n’aviez pas enregistré" in editor_client.get(change(article)).content.decode()
    assert 'value="Eau, Sel"' in editor_client.get(f"{change(article)}?reprendre={key}").content.decode()


def test_tags_in_another_order_are_the_same(editor_client: Client) -> None:
    article = make_draft(tags=[make_tag("Eau"), make_tag("Sel")])
    editor_client.post(f"/admin/articles/article/{article.pk}/brouillon/", sent(article, tag_names="sel , EAU"))
    assert "Reprendre ce que vous n’aviez pas enregistré" not in editor_client.get(change(article)).content.decode()


def test_two_who_give_different_tags_are_told(editor_client: Client) -> None:
    article = make_draft()
    publishing.save(article, by=None)
    form = sent(article)
    logged_in(make_user("autre", groups=["Rédacteurs"])).post(change(article), form | {"tag_names": "Sel"})
    page = editor_client.post(change(article), form | {"tag_names": "Eau"}).content.decode()
    assert "a enregistré cet article entre-temps" in page
    assert "Sel" in page
    assert names(article) == ["Sel"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("eco", ["Économie", "Macroéconomie"]),
        ("ÉCO", ["Économie", "Macroéconomie"]),
        ("macro", ["Macroéconomie"]),
        ("rien", []),
        ("", []),
        ("\x00", []),
        ("x" * 5_000, []),
    ],
)
def test_tags_are_offered_by_a_part_of_their_name(editor_client: Client, typed: str, found: list[str]) -> None:
    make_tag("Macroéconomie")
    make_tag("Économie")
    assert editor_client.get(CHOOSE, {"q": typed}).json() == found


def test_tags_are_offered_to_the_newsroom_alone(client: Client, moderator_client: Client) -> None:
    assert client.get(CHOOSE, {"q": "a"}).status_code == 302
    assert moderator_client.get(CHOOSE, {"q": "a"}).status_code == 403


# Their own pages ---------------------------------------------------------------------------------


@pytest.fixture
def chief(db: None) -> Client:
    """Return a client that may do everything with tags."""
    return logged_in(make_user("cheffe", groups=["Rédacteurs"]))


def test_the_list_counts_the_articles_of_each(chief: Client) -> None:
    tag = make_tag("Eau")
    make_tag("Sel")
    make_article(tags=[tag])
    make_draft(tags=[tag])
    rows = chief.get(TAGS).context["cl"].result_list
    assert {row.name: row.own for row in rows} == {"Eau": 2, "Sel": 0}


def test_a_count_leads_to_the_articles(chief: Client) -> None:
    make_draft(headline="Un quai", tags=[make_tag("R&D <b>")])
    [link] = [link for link in every(parse(chief.get(TAGS)), ".//h:td/h:a") if link.text == "1"]
    assert link.get("aria-label") == "1 article : R&D <b>"
    assert [article.headline for article in chief.get(link.get("href")).context["cl"].result_list] == ["Un quai"]


@pytest.mark.parametrize("typed", ["eco", "ÉCO", "nomie"])
def test_the_list_finds_a_tag_by_a_part_of_its_name(chief: Client, typed: str) -> None:
    make_tag("Économie")
    make_tag("Sel")
    assert [tag.name for tag in chief.get(TAGS, {"q": typed}).context["cl"].result_list] == ["Économie"]


def test_a_new_tag_gets_its_address_from_its_name(chief: Client) -> None:
    chief.post(f"{TAGS}add/", {"name": "  Eau   douce ", "slug": ""})
    assert Tag.objects.values_list("name", "slug").get() == ("Eau douce", "eau-douce")


@pytest.mark.parametrize("name", ["eau", "EAU", "", "\u200b", "Eau, sel"])
def test_a_name_that_is_taken_or_none_is_refused(chief: Client, name: str) -> None:
    make_tag("Eau")
    response = chief.post(f"{TAGS}add/", {"name": name, "slug": ""})
    assert errors(response, "name")
    assert Tag.objects.count() == 1


def test_a_tag_is_renamed_and_keeps_its_address(chief: Client, client: Client) -> None:
    tag = make_tag("Eau", slug="eau")
    article = make_article(tags=[tag])
    chief.post(f"{TAGS}{tag.pk}/change/", {"name": "Eaux", "slug": ""})
    assert Tag.objects.values_list("name", "slug").get() == ("Eaux", "eau")
    assert ">Eaux</a>" in client.get(article.get_absolute_url()).content.decode()


def test_two_tags_are_merged(chief: Client) -> None:
    old, new = make_tag("Rivière"), make_tag("Eau")
    article = make_article(tags=[old])
    assert "1 article a ce thème" in chief.get(merge_page(old)).content.decode()
    response = chief.post(merge_page(old), {"into": "eau, "}, follow=True)
    assert names(article) == ["Eau"]
    assert [str(message) for message in response.context["messages"]] == [
        "« Rivière » est fondu dans « Eau » : 1 article l’avait."
    ]
    assert response.redirect_chain == [(f"{TAGS}{new.pk}/change/", 302)]


def test_what_becomes_of_a_tag_stands_in_the_history_of_its_articles(chief: Client) -> None:
    river, water, sea = make_tag("Rivière"), make_tag("Eau"), make_tag("Mer")
    article, other = make_article(tags=[river, sea]), make_article(tags=[water])
    chief.post(merge_page(river), {"into": "eau"})
    chief.post(f"{TAGS}{water.pk}/delete/", {"post": "yes"})
    told = Event.objects.filter(kind=Event.Kind.TAGGED, by__username="cheffe").order_by("pk").values_list
    assert [note for pk, note in told("article", "note") if pk == article.pk] == [
        "Mer, Rivière → Eau, Mer",
        "Eau, Mer → Mer",
    ]
    assert [note for pk, note in told("article", "note") if pk == other.pk] == ["Eau → —"]


@pytest.mark.parametrize("into", ["", "Rien", "Rivière", "x" * 900, "\x00"])
def test_a_tag_is_merged_into_another_that_there_is(chief: Client, into: str) -> None:
    tag = make_tag("Rivière")
    response = chief.post(merge_page(tag), {"into": into})
    assert response.status_code == 422
    assert response.context["form"].errors["into"]
    assert Tag.objects.count() == 1


def test_a_tag_that_does_not_exist_is_not_merged(chief: Client) -> None:
    assert chief.get(f"{TAGS}404/fondre/").status_code == 404


def test_deleting_tells_how_many_articles_lose_the_tag(chief: Client) -> None:
    tag = make_tag("Eau")
    article = make_article(tags=[tag])
    assert "Eau (1 article le perd)" in chief.get(f"{TAGS}{tag.pk}/delete/").content.decode()
    chief.post(f"{TAGS}{tag.pk}/delete/", {"post": "yes"})
    assert names(article) == []
    article.refresh_from_db()
    assert article.shown_tags == []


def test_several_are_deleted_at_once(chief: Client) -> None:
    ticked = [make_tag().pk for _ in range(3)]
    chief.post(TAGS, {"action": "delete_selected", "_selected_action": ticked, "post": "yes"})
    assert not Tag.objects.exists()


@pytest.mark.parametrize(("groups", "status"), [(["Journalistes"], 403), (["Modérateurs"], 403), (["Rédacteurs"], 200)])
def test_who_merges(groups: list[str], status: int) -> None:
    client, tag = logged_in(make_user("quelquun", groups=groups)), make_tag()
    assert client.get(merge_page(tag)).status_code == status
    assert client.post(merge_page(tag), {"into": ""}).status_code == (422 if status == 200 else 403)


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_at_ten_times_the_tags(
    chief: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_tag()
    with django_assert_max_num_queries(6):
        chief.get(TAGS)


def test_a_tag_leads_to_its_page_while_there_is_one(chief: Client, editor: User) -> None:
    tag = make_tag(slug="eau")
    assert 'href="/themes/eau/"' not in chief.get(f"{TAGS}{tag.pk}/change/").content.decode()
    make_article(tags=[tag])
    assert 'href="/themes/eau/"' in chief.get(f"{TAGS}{tag.pk}/change/").content.decode()
