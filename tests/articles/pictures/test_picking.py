"""What the editor asks of the picture library, as JSON."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import library
from articles.models import Picture
from tests.articles.pictures.making import encoded, make_picture, upload
from tests.factories import logged_in, make_user

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/picture/televerser/"
LIBRARY = "/admin/articles/picture/"
CHOOSE = "/admin/articles/picture/choisir/"
SAID = {"alternative_text": "Un port", "credit": "Anna Legrand", "caption": "Brest, en mai."}


def test_a_picture_is_sent_with_what_is_said_of_it(editor_client: Client) -> None:
    response = editor_client.post(UPLOAD, SAID | {"file": upload(encoded(size=(90, 30)))})
    assert response.status_code == 201
    picture = Picture.objects.get()
    told = response.json()
    assert told == SAID | {"id": picture.pk, "thumbnail": told["thumbnail"], "width": 90, "height": 30}
    assert editor_client.get(told["thumbnail"])["Content-Type"] == "image/jpeg"
    assert LogEntry.objects.filter(object_id=str(picture.pk)).count() == 1


def test_the_same_file_sent_twice_is_one_picture(editor_client: Client) -> None:
    first = editor_client.post(UPLOAD, SAID | {"file": upload(encoded())})
    second = editor_client.post(UPLOAD, {"alternative_text": "Autre", "credit": "B", "file": upload(encoded())})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert Picture.objects.count() == 1


def test_what_is_missing_is_said_by_field(editor_client: Client) -> None:
    response = editor_client.post(UPLOAD, {"alternative_text": " ", "credit": ""})
    assert response.status_code == 422
    assert response.json() == {
        "errors": {
            "file": ["Choisissez un fichier."],
            "alternative_text": ["Dites ce que l’image montre, pour qui ne la voit pas."],
            "credit": ["Dites à qui l’on doit cette image."],
        }
    }


def test_what_is_no_picture_is_refused(editor_client: Client) -> None:
    response = editor_client.post(UPLOAD, SAID | {"file": upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>")})
    assert response.json() == {"errors": {"file": ["Ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF."]}}


@pytest.mark.parametrize(("x", "expected"), [("", 201), ("100", 201), ("101", 422), ("-1", 422), ("x", 422)])
def test_a_focal_point_is_inside(editor_client: Client, x: str, expected: int) -> None:
    assert editor_client.post(UPLOAD, SAID | {"file": upload(encoded()), "focal_x": x}).status_code == expected


@pytest.mark.parametrize("words", ["eglise", "ÉGLISE", "l'eglise zoe", "coeur"])
def test_pictures_are_found_whatever_their_accents_in_the_dialog_and_in_the_library(
    editor_client: Client, words: str
) -> None:
    picture = make_picture(alternative_text="L’église, la nuit", credit="Zoé Noël", caption="Au cœur de Brest")
    make_picture()
    assert [told["id"] for told in editor_client.get(CHOOSE, {"q": words}).json()] == [picture.pk]
    assert list(editor_client.get(LIBRARY, {"q": words}).context["cl"].result_list) == [picture]


def test_what_is_said_of_a_picture_now_is_what_finds_it(editor_client: Client) -> None:
    picture = make_picture(alternative_text="Un port")
    picture.alternative_text = "Une gare"
    library.describe(picture)
    assert [len(editor_client.get(CHOOSE, {"q": words}).json()) for words in ("port", "gare")] == [0, 1]


def test_the_last_thirty_are_offered_newest_first(editor_client: Client) -> None:
    made = [make_picture().pk for _ in range(31)]
    assert [told["id"] for told in editor_client.get(CHOOSE).json()] == made[:0:-1]


def test_words_find_pictures(editor_client: Client) -> None:
    wanted = make_picture(alternative_text="Un phare", credit="Anna")
    make_picture(alternative_text="Un port", credit="Anna")
    assert [told["id"] for told in editor_client.get(CHOOSE, {"q": "anna phare"}).json()] == [wanted.pk]
    assert editor_client.get(CHOOSE, {"q": "zz\x00" * 500}).json() == []


def test_pictures_are_told_by_their_keys(editor_client: Client) -> None:
    wanted, _other = make_picture(), make_picture()
    assert [told["id"] for told in editor_client.get(CHOOSE, {"id": [wanted.pk, "x", "9" * 40]}).json()] == [wanted.pk]


def test_only_who_has_the_right_chooses_and_sends() -> None:
    client = logged_in(make_user("sans-droits"))
    assert client.get(CHOOSE).status_code == 403
    assert client.post(UPLOAD, SAID | {"file": upload(encoded())}).status_code == 403
    assert not Picture.objects.exists()


def test_a_visitor_is_sent_to_log_in(client: Client) -> None:
    assert client.get(CHOOSE).status_code == 302
    assert client.post(UPLOAD, SAID).status_code == 302


def test_a_form_of_another_site_is_refused(editor: object) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(UPLOAD, SAID | {"file": upload(encoded())}).status_code == 403
