"""The picture library at the desk: adding, describing, finding and deleting pictures, and choosing one for an article."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from articles import intake, library, pictures, renditions
from articles.models import Picture
from multitude.background import housekeeping
from tests.articles.pictures.making import encoded, make_picture, upload
from tests.factories import logged_in, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/picture/"
ADD = f"{LIST}add/"
SAID = {"alternative_text": "Un port", "credit": "Anna Legrand", "caption": "", "focal_x": "20", "focal_y": "80"}


def change(picture: Picture) -> str:
    """Return the address of the form about a picture."""
    return f"{LIST}{picture.pk}/change/"


def errors(response: Any, field: str) -> list[str]:
    """Return what the form says of a field."""
    return list(response.context["adminform"].form.errors[field])


@pytest.fixture
def owner_client(db: None) -> Client:
    """Return a client who may do everything."""
    return logged_in(make_user("directrice", is_superuser=True))


def test_an_editor_adds_a_picture(editor_client: Client) -> None:
    response = editor_client.post(ADD, SAID | {"file": upload(encoded(), "../../Vacances de Zoé à Brest.svg")})
    assert response.status_code == 302
    picture = Picture.objects.get()
    assert (picture.alternative_text, picture.credit, picture.focal_x, picture.focal_y) == (
        "Un port",
        "Anna Legrand",
        20,
        80,
    )
    assert str(picture.file) == f"{picture.key}/originale.jpg"
    assert picture.uploaded_by is not None
    assert LogEntry.objects.filter(object_id=str(picture.pk)).count() == 1


@pytest.mark.parametrize("field", ["alternative_text", "credit", "file"])
def test_what_must_be_said_is(editor_client: Client, field: str) -> None:
    values: dict[str, Any] = SAID | {"file": upload(encoded())}
    response = editor_client.post(ADD, values | {field: ""})
    assert len(errors(response, field)) == 1
    assert not Picture.objects.exists()


def test_a_refused_file_keeps_what_was_typed(editor_client: Client) -> None:
    response = editor_client.post(ADD, SAID | {"file": upload(b"<svg/>")})
    assert errors(response, "file") == ["Ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF."]
    assert 'value="Anna Legrand"' in response.content.decode()


def test_a_file_that_is_too_heavy_is_cut_on_its_way_and_refused(editor_client: Client) -> None:
    response = editor_client.post(ADD, SAID | {"file": upload(encoded() + bytes(40 * 1024 * 1024))})
    assert errors(response, "file") == ["Ce fichier est trop lourd : 30 Mo au plus."]
    assert response.context["adminform"].form.files["file"].size <= 31 * 1024 * 1024 + 64 * 1024


def test_the_same_file_leads_to_the_picture_that_it_is(editor_client: Client) -> None:
    editor_client.post(ADD, SAID | {"file": upload(encoded())})
    response = editor_client.post(ADD, SAID | {"credit": "Autre", "file": upload(encoded())}, follow=True)
    picture = Picture.objects.get()
    assert response.redirect_chain == [(change(picture), 302)]
    assert "déjà dans la photothèque" in response.content.decode()
    assert picture.credit == "Anna Legrand"
    assert LogEntry.objects.count() == 1
    assert len(default_storage.listdir(picture.key)[1]) == 1


def test_two_who_send_the_same_file_at_once_get_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = intake.take(upload(encoded()))
    first, _is_new = library.add(taken, alternative_text="a", credit="b")
    before = {*default_storage.listdir("")[0]}
    ask = Picture.objects.filter
    answers = iter([Picture.objects.none()])
    monkeypatch.setattr(type(Picture.objects), "filter", lambda self, **values: next(answers, None) or ask(**values))
    second, is_new = library.add(taken, alternative_text="c", credit="d")
    assert (second, is_new) == (first, False)
    made = {*default_storage.listdir("")[0]} - before
    assert [name for folder in made for name in default_storage.listdir(folder)[1]] == []


def test_a_new_picture_is_made_without_delay(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    hastened: list[object] = []
    monkeypatch.setattr(housekeeping, "hasten", hastened.append)
    with django_capture_on_commit_callbacks(execute=True):
        make_picture()
    assert hastened == [renditions.work_off]


def test_what_is_said_otherwise_is_shown_at_once(editor_client: Client, client: Client) -> None:
    picture = make_picture()
    article = make_article(lead_picture=picture, body=f'<p>a</p><figure data-picture="{picture.pk}"></figure>')
    values = {"alternative_text": "Un phare", "credit": "Zoé", "caption": "Légende", "focal_x": "0", "focal_y": "100"}
    assert editor_client.post(change(picture), values).status_code == 302
    html = client.get(article.get_absolute_url()).content.decode()
    assert html.count('alt="Un phare"') == html.count('focus-x-0 focus-y-10"') == html.count("Légende") == 2
    article.refresh_from_db()
    assert (article.version, 'class="focus-x-0 focus-y-10"' in article.card_html) == (0, True)


def opened(client: Client, picture: Picture) -> dict[str, str]:
    """Return the form about a picture as somebody has it before their eyes."""
    form = client.get(change(picture)).context["adminform"].form
    return {name: str(form[name].value()) for name in form.fields}


def test_of_two_who_describe_a_picture_the_second_is_told_and_loses_nothing(editor_client: Client) -> None:
    picture = make_picture(alternative_text="Un port", credit="Anna")
    colleague = logged_in(make_user("zoe", groups=["Rédacteurs"], first_name="Zoé", last_name="Roy"))
    mine, theirs = opened(editor_client, picture), opened(colleague, picture)
    assert colleague.post(change(picture), theirs | {"credit": "Anna Legrand"}).status_code == 302
    response = editor_client.post(change(picture), mine | {"alternative_text": "Un phare"})
    [said] = response.context["adminform"].form.non_field_errors()
    assert said.startswith("Zoé Roy a décrit cette image autrement entre-temps : « Un port » · « Anna Legrand ».")
    html = response.content.decode()
    assert 'value="Un phare"' in html
    picture.refresh_from_db()
    assert (picture.alternative_text, picture.credit) == ("Un port", "Anna Legrand")
    shown = {name: response.context["adminform"].form[name].value() for name in mine}
    assert f'value="{shown["seen"]}"' in html
    assert editor_client.post(change(picture), shown).status_code == 302
    picture.refresh_from_db()
    assert (picture.alternative_text, picture.credit) == ("Un phare", "Anna")


def test_who_describes_a_picture_at_the_same_instant_is_told_too(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_picture()
    mine = opened(editor_client, picture)
    describe = library.describe

    def overtaken(described: Picture, **values: Any) -> Picture:
        monkeypatch.setattr(library, "describe", describe)
        Picture.objects.filter(pk=picture.pk).update(credit="Zoé")
        return describe(described, **values)

    monkeypatch.setattr(library, "describe", overtaken)
    response = editor_client.post(change(picture), mine | {"credit": "Anna"})
    [said] = response.context["adminform"].form.non_field_errors()
    assert said.startswith("Quelqu’un a décrit cette image autrement entre-temps")
    picture.refresh_from_db()
    assert picture.credit == "Zoé"


@pytest.mark.parametrize("seen", ["", "x", "\x00", "é" * 5_000])
def test_an_unreadable_word_for_what_was_seen_breaks_nothing(editor_client: Client, seen: str) -> None:
    picture = make_picture()
    response = editor_client.post(change(picture), SAID | {"seen": seen})
    assert response.status_code == (200 if seen else 302)


@pytest.mark.parametrize(
    "values",
    [{}, {"published_at": timezone.now() + timedelta(days=1)}, {"unpublished_at": timezone.now()}],
    ids=["public", "scheduled", "unpublished"],
)
def test_a_journalist_changes_nothing_of_what_an_article_with_a_date_shows(values: dict[str, Any]) -> None:
    journalist = logged_in(make_user("journaliste", groups=["Journalistes"]))
    lead, inside, free = make_picture(), make_picture(), make_picture()
    make_article(lead_picture=lead, body=f'<p>a</p><figure data-picture="{inside.pk}"></figure>', **values)
    make_draft(lead_picture=free)
    statuses = [journalist.post(change(picture), SAID).status_code for picture in (lead, inside, free)]
    assert statuses == [403, 403, 302]
    assert Picture.objects.get(credit="Anna Legrand") == free
    html = journalist.get(change(lead)).content.decode()
    assert lead.credit in html
    assert 'name="_save"' not in html


def test_the_file_of_a_picture_stays(editor_client: Client) -> None:
    picture = make_picture()
    before = str(picture.file)
    editor_client.post(change(picture), SAID | {"file": upload(encoded(colour=(1, 2, 3))), "digest": "x"})
    picture.refresh_from_db()
    assert str(picture.file) == before


@pytest.mark.parametrize("value", ["101", "-3", "x"])
def test_a_focal_point_outside_is_refused(editor_client: Client, value: str) -> None:
    assert len(errors(editor_client.post(change(make_picture()), SAID | {"focal_x": value}), "focal_x")) == 1


def test_the_list_shows_each_picture_and_where_it_is_used(
    editor_client: Client, django_assert_num_queries: Any
) -> None:
    shown = [make_picture(made=True) for _ in range(3)]
    for picture in shown:
        for number in range(5):
            both = f'<figure data-picture="{picture.pk}"></figure>' if number % 2 else "<p>a</p>"
            make_draft(headline=f"Brouillon {picture.pk} {number}", lead_picture=picture, body=both)
    html = editor_client.get(LIST).content.decode()
    picture = shown[0]
    assert html.count('class="thumbnail"') == 3
    assert (
        f'<a href="/admin/articles/article/{picture.led.latest("pk").pk}/change/">Brouillon {picture.pk} 4</a>' in html
    )
    assert html.count(", 2 autres") == 3
    make_picture(made=True)
    with django_assert_num_queries(10):
        editor_client.get(LIST)


@pytest.mark.parametrize(("chosen", "count"), [("oui", 2), ("non", 1), ("", 3)])
def test_the_list_is_narrowed_to_what_is_used(editor_client: Client, chosen: str, count: int) -> None:
    lead, inside, _unused = make_picture(), make_picture(), make_picture()
    make_article(lead_picture=lead, body=f'<p>a</p><figure data-picture="{inside.pk}"></figure>')
    make_draft(lead_picture=lead)
    response = editor_client.get(LIST, {"emploi": chosen} if chosen else {})
    assert len(response.context["cl"].result_list) == count


def test_words_find_pictures_in_the_list(editor_client: Client) -> None:
    make_picture(credit="Anna")
    make_picture(credit="Zoé")
    assert len(editor_client.get(LIST, {"q": "anna"}).context["cl"].result_list) == 1


def test_an_editor_deletes_no_picture(editor_client: Client) -> None:
    assert editor_client.post(f"{LIST}{make_picture().pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_picture_that_an_article_shows_is_deleted_by_nobody(owner_client: Client) -> None:
    lead, inside = make_picture(), make_picture()
    make_draft(lead_picture=lead, body=f'<p>a</p><figure data-picture="{inside.pk}"></figure>')
    for picture in (lead, inside):
        assert owner_client.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"}).status_code == 403
        with pytest.raises(library.PictureInUse, match="Un article montre cette image"):
            library.delete(picture)


def test_a_picture_that_nobody_uses_is_deleted_with_its_files(
    owner_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = make_picture(made=True)
    names = pictures.files_of(picture)
    with django_capture_on_commit_callbacks(execute=True):
        assert owner_client.post(f"{LIST}{picture.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Picture.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


def test_a_moderator_has_no_pictures(moderator_client: Client) -> None:
    assert moderator_client.get(LIST).status_code == 403
    assert moderator_client.get(ADD).status_code == 403


def test_an_article_is_given_its_lead_picture(editor_client: Client) -> None:
    picture = make_picture(made=True, alternative_text="Un phare")
    article = make_draft(lead_picture=picture)
    html = editor_client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert f'src="/media/{picture.key}/60.webp" alt="Un phare"' in html
    found = editor_client.get(
        "/admin/autocomplete/",
        {"app_label": "articles", "model_name": "article", "field_name": "lead_picture", "term": "phare"},
    )
    assert [each["id"] for each in found.json()["results"]] == [str(picture.pk)]
