"""A disk without room: a page that says so for the moment, and no half of a file."""

import errno
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory

from multitude.middleware import DatabaseAwayMiddleware
from multitude.storage import WholeFiles


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_fault_of_the_program(rf: RequestFactory, number: int) -> None:
    answer = DatabaseAwayMiddleware(lambda _request: None).process_exception(rf.get("/"), OSError(number, "plein"))
    assert answer is not None
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "interdit"), ValueError(), Http404()])
def test_other_faults_are_others(rf: RequestFactory, error: Exception) -> None:
    assert DatabaseAwayMiddleware(lambda _request: None).process_exception(rf.get("/"), error) is None


class Endless(ContentFile):
    """A file for whose second half there is no room."""

    def chunks(self, chunk_size: int | None = None):
        """Yield a half, then fail."""
        yield b"la moitie"
        raise OSError(errno.ENOSPC, "plein")


def test_half_a_file_is_not_kept(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path)
    with pytest.raises(OSError, match="plein"):
        storage.save("dossier/image.jpg", Endless(b"x"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
