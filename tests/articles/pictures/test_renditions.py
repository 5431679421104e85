"""The files made of a picture beside answering: each once, by one process, and nobody waits for one that fails."""

import errno
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from articles import intake, library, pictures, renditions
from articles.models import Picture, Rendition
from multitude.background import housekeeping, processes
from multitude.health import Grade
from multitude.models import PurgeEvent
from tests.articles.pictures.making import encoded, make_picture, opened, upload
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def content(name: str) -> bytes:
    """Return a stored file."""
    with default_storage.open(name) as file:
        return file.read()


def break_some(monkeypatch: pytest.MonkeyPatch, *broken: Picture) -> list[int]:
    """Have some pictures fail, and return the list of those that are tried, as it grows."""
    tried: list[int] = []
    make = renditions.make

    def fail(picture: Picture) -> bool:
        tried.append(picture.pk)
        if picture in broken:
            raise RuntimeError("illisible")
        return make(picture)

    monkeypatch.setattr(renditions, "make", fail)
    return tried


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (300, [300]),
        (480, [480]),
        (1000, [480, 800, 1000]),
        (2000, [480, 800, 1200, 1600, 2000]),
        (2560, [480, 800, 1200, 1600, 2000]),
    ],
)
def test_no_width_is_beyond_the_pictures_own(width: int, widths: list[int]) -> None:
    assert renditions.widths_for(width) == widths


def test_a_picture_that_waits_is_made_in_avif_and_webp_and_once_in_jpeg() -> None:
    picture = make_picture(size=(1300, 650))
    assert renditions.make_waiting() == 1
    made = {(each.format, each.width): each for each in Rendition.objects.filter(is_cut=False)}
    wide = {(form, width) for form in ("avif", "webp") for width in (480, 800, 1200, 1300)}
    assert {*made} == wide | {("jpeg", 1200)}
    for (form, width), each in made.items():
        file = opened(content(str(each.file)))
        assert (file.format, file.size) == (form.upper(), (width, each.height))
        assert each.height == width // 2
    picture.refresh_from_db()
    assert picture.rendered_at is not None
    assert renditions.make_waiting() == 0


def test_what_is_transparent_is_white_in_a_jpeg() -> None:
    file = encoded("PNG", mode="RGBA", colour=(255, 0, 0, 0))
    picture, _is_new = library.add(intake.take(upload(file)), alternative_text="a", credit="b")
    renditions.make(picture)
    jpeg = opened(content(str(picture.renditions.get(format="jpeg", is_cut=False).file)))
    assert min(jpeg.getpixel((5, 5))) > 250
    assert opened(content(str(picture.renditions.get(format="avif").file))).mode == "RGBA"


def test_articles_show_what_was_made_and_are_purged() -> None:
    picture = make_picture()
    article = make_article(body=f'<p>a</p><figure data-picture="{picture.pk}"></figure>', lead_picture=picture)
    PurgeEvent.objects.all().delete()
    renditions.make_waiting()
    article.refresh_from_db()
    for html in (article.body_html, article.lead_html, article.card_html):
        assert html.count("<source") == 2
    purged = {key for event in PurgeEvent.objects.all() for key in event.keys.split()}
    assert {f"article:{article.pk}", f"headline:{article.pk}", "lists", f"picture:{picture.pk}"} <= purged


def test_one_that_fails_stops_no_other_and_is_tried_three_times(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = make_picture(), make_picture()
    tried = break_some(monkeypatch, bad)
    assert renditions.make_waiting() == 1
    assert tried == [bad.pk, good.pk]
    assert renditions.make_waiting() == 0
    assert tried == [bad.pk, good.pk]
    for _ in range(5):
        Picture.objects.update(render_claimed_at=timezone.now() - timedelta(minutes=11))
        renditions.make_waiting()
    assert tried == [bad.pk, good.pk, bad.pk, bad.pk]
    assert caplog.text.count("n’a pas pu être déclinée") == 3
    assert "RuntimeError: illisible" in caplog.text


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("save", OSError(errno.ENOSPC, "plein")),
        ("save", RuntimeError("no endpoint")),
        ("open", OSError(errno.EIO, "parti")),
        ("open", TimeoutError("timed out")),
        ("open", FileNotFoundError(errno.ENOENT, "pas monté")),
    ],
)
def test_a_storage_that_is_full_or_away_is_waited_for_however_long_and_told_after_an_hour(
    what: str, error: Exception
) -> None:
    make_picture()
    for _times in range(5):
        with patch.object(default_storage, what, side_effect=error):
            assert renditions.make_waiting() == 0
        assert not renditions.waits()
        Picture.objects.update(render_claimed_at=timezone.now() - timedelta(minutes=11))
    assert renditions.examine().grade is Grade.GOOD
    Picture.objects.update(uploaded_at=timezone.now() - timedelta(minutes=61))
    state = renditions.examine()
    assert (state.grade, state.value, "son stockage" in state.sentence) == (Grade.WATCH, 1, True)
    assert renditions.make_waiting() == 1
    assert renditions.examine().grade is Grade.GOOD


def test_a_file_that_is_no_picture_any_more_is_given_up() -> None:
    picture = make_picture()
    default_storage.delete(str(picture.file))
    default_storage.save(str(picture.file), ContentFile(b"illisible"))
    for _times in range(3):
        assert renditions.waits()
        assert renditions.make_waiting() == 0
        Picture.objects.update(render_claimed_at=timezone.now() - timedelta(minutes=11))
    assert not renditions.waits()


def test_what_was_given_up_is_made_by_the_command_and_nothing_else() -> None:
    made, given_up = make_picture(), make_picture()
    Picture.objects.filter(pk=given_up.pk).update(render_attempts=3)
    Picture.objects.filter(pk=made.pk).update(rendered_at=timezone.now())
    call_command("render_pictures", stdout=(out := StringIO()))
    assert out.getvalue() == "1 image déclinée.\n"
    assert renditions.examine().grade is Grade.GOOD


def test_pictures_that_were_given_up_are_told_and_counted() -> None:
    first, second = make_picture(), make_picture()
    Picture.objects.update(render_attempts=2)
    assert renditions._claimed() == first
    # Its third attempt is still under way.
    assert renditions.examine().grade is Grade.GOOD
    Picture.objects.filter(pk=first.pk).update(render_claimed_by="")
    state = renditions.examine()
    assert (state.grade, state.value) == (Grade.WATCH, 1)
    assert state.sentence.startswith("Une image")
    Picture.objects.filter(pk=second.pk).update(render_attempts=3)
    assert renditions.examine().sentence.startswith("2 images")
    renditions.forget(Picture.objects.all())
    assert renditions.examine().grade is Grade.GOOD


def test_a_worker_that_is_wanted_elsewhere_makes_one_and_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(2):
        make_picture()
    monkeypatch.setattr(housekeeping, "gives_way", lambda name: name == "pictures")
    assert renditions.work_off() == 1
    assert renditions.waits()


def test_a_process_that_died_leaves_its_picture_to_another() -> None:
    picture = make_picture()
    assert renditions._claimed() == picture
    assert renditions._claimed() is None
    Picture.objects.update(render_claimed_at=timezone.now() - timedelta(minutes=11))
    assert renditions._claimed() == picture


def test_a_process_that_was_killed_here_leaves_its_picture_to_another_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture()
    assert renditions._claimed() == picture
    assert not renditions.waits()
    monkeypatch.setattr(processes, "is_gone", lambda name: True)
    assert renditions.waits()
    assert renditions._claimed() == picture


def test_one_that_failed_waits_although_its_process_has_ended_since(monkeypatch: pytest.MonkeyPatch) -> None:
    break_some(monkeypatch, make_picture())
    renditions.make_waiting()
    monkeypatch.setattr(processes, "is_gone", lambda name: True)
    assert not renditions.waits()


def test_failing_leaves_no_file_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture(size=(900, 600))

    def fail(*args: Any) -> bool:
        raise RuntimeError

    monkeypatch.setattr(renditions, "_hold", fail)
    with pytest.raises(RuntimeError):
        renditions.make(picture)
    assert default_storage.listdir(picture.key)[1] == ["originale.jpg"]


def test_files_that_moved_meanwhile_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture()
    stored = Picture.objects.get(pk=picture.pk)
    assert pictures._move(stored)
    assert not renditions.make(picture)
    assert not Rendition.objects.exists()
    assert default_storage.listdir(picture.key)[1] == ["originale.jpg"]
    assert renditions.make_waiting() == 1


def test_a_process_that_ends_leaves_its_picture_to_another_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture(size=(900, 600))
    is_stopping = iter([False, True, True])
    monkeypatch.setattr(housekeeping, "is_stopping", lambda: next(is_stopping))
    assert renditions.make_waiting() == 0
    picture.refresh_from_db()
    assert (picture.render_claimed_at, picture.render_attempts, picture.renditions.count()) == (None, 0, 0)
    assert default_storage.listdir(picture.key)[1] == [str(picture.file).rpartition("/")[2]]
    monkeypatch.undo()
    assert renditions.make_waiting() == 1


def test_what_is_made_carries_nothing_along() -> None:
    picture = make_picture(size=(500, 500), made=True)
    for name in pictures.files_of(picture):
        file = opened(content(name))
        assert not {"exif", "xmp", "icc_profile", "comment"} & {*file.info}


def test_a_command_makes_what_waits_and_begins_anew_where_asked() -> None:
    picture = make_picture()
    out, err = StringIO(), StringIO()
    with patch.object(default_storage, "open", side_effect=OSError(errno.EIO, "parti")):
        call_command("render_pictures", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("Aucune image n’a été déclinée.\n", "1 ne l’est pas.\n")
    call_command("render_pictures", again=True, stdout=out)
    assert "1 image déclinée." in out.getvalue()
    before = pictures.files_of(picture)
    call_command("render_pictures", again=True, stdout=out)
    after = [str(each.file) for each in Rendition.objects.all()]
    assert len(after) == 4
    assert all(default_storage.exists(name) for name in after)
    assert BytesIO(content(before[0])).read(2) == b"\xff\xd8"
