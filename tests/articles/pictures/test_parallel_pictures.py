"""Pictures at the same instant, in real threads: each is made once, and a file that many send is one picture."""

import pytest
from django.core.files.storage import default_storage

from articles import intake, library, renditions
from articles.models import Picture, Rendition
from tests.articles.pictures.making import encoded, make_picture, upload
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_picture_is_made_by_one_process() -> None:
    shown = [make_picture() for _ in range(5)]
    assert sum(together(lambda number: renditions.make_waiting())) == len(shown)
    assert Rendition.objects.count() == 4 * len(shown)
    assert not Picture.objects.exclude(render_attempts=1).exists()
    for picture in shown:
        assert len(default_storage.listdir(picture.key)[1]) == 5


def test_a_file_that_eight_send_at_once_is_one_picture() -> None:
    taken = intake.take(upload(encoded()))
    before = {*default_storage.listdir("")[0]}
    added = together(lambda number: library.add(taken, alternative_text=f"Image {number}", credit="Anna"))
    assert len({picture.pk for picture, _is_new in added}) == 1
    assert sorted(is_new for _picture, is_new in added) == [False] * (THREADS - 1) + [True]
    folders = {*default_storage.listdir("")[0]} - before
    assert sum(len(default_storage.listdir(folder)[1]) for folder in folders) == 1
