"""A full disk: what needs no room works, the rest says so, and all is well when there is room again."""

import io
import json
import os
import re
import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.faults.programs import PostgreSQL, postgresql
from tests.faults.sites import KEPT, PATIENCE, Newspaper, copied, is_apology, keeps_text, newspaper, unseen
from tests.installed import find, lack
from tests.servers import Answer, Visitor
from tests.waiting import until

PICTURES = "/admin/articles/picture/add/"


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(b"\0" * size) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Leave room again."""
        self._ballast.unlink()


@contextmanager
def disk(megabytes: int) -> Iterator[Disk]:
    """Mount a file system in memory."""
    folder = Path(tempfile.mkdtemp(prefix="multitude-disk-"))
    mount = [find("mount", "mount"), "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "multitude", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        lack("Un disque plein se monte : lancez ce test en root, là où mount(8) est permis.")
    try:
        yield Disk(folder)
    finally:
        subprocess.run([find("umount", "mount"), "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture
def small(sqlite: Path) -> Iterator[tuple[Newspaper, Disk]]:
    """Return a newspaper whose data folder is on a disk of its own."""
    with disk(48) as place:
        copied(sqlite, place.folder)
        with newspaper(place.folder, COMMENT_RATE="off") as site:
            yield site, place


def test_a_full_disk_under_sqlite(small: tuple[Newspaper, Disk]) -> None:
    site, place = small
    assert site.submit("Avant.").status == 303
    place.fill()
    refused = until(
        lambda: (answer := site.submit(f"Pendant la panne : {secrets.token_hex(4)}.")).status != 303 and answer
    )
    pages = [site.ask("/"), site.ask(unseen())]
    place.make_room()

    assert is_apology(refused)
    assert keeps_text(refused)
    assert {page.status for page in pages} == {200}
    assert max(answer.seconds for answer in [refused, *pages]) < PATIENCE
    assert until(lambda: site.submit("Après.").status == 303, 10)
    stored = site.comments()
    assert (stored["Avant."], stored["Après."]) == (1, 1)
    with sqlite3.connect(place.folder / "data" / "multitude.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_a_full_disk_under_pictures(small: tuple[Newspaper, Disk]) -> None:
    site, place = small
    with visitor(site) as editor:
        files = set((place.folder / "data").rglob("*.jpg"))
        place.fill()
        assert upload(editor, site).status == 503
        assert set((place.folder / "data").rglob("*.jpg")) == files
        place.make_room()
        assert upload(editor, site).status == 302


@contextmanager
def visitor(site: Newspaper) -> Iterator[Visitor]:
    """Give somebody of the newsroom, logged in."""
    password = re.search(r"Mot de passe\s:\s+(\S+)", site.output)
    assert password
    editor = Visitor(site.port)
    try:
        assert editor.log_in(password[1]) == 302
        yield editor
    finally:
        editor.leave()


def upload(editor: Visitor, site: Newspaper) -> Answer:
    """Send a picture of noise, which takes room."""
    noise = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(noise, "JPEG", quality=95)
    page = editor.ask("GET", PICTURES)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text
    fields = {"csrfmiddlewaretoken": token[1], "alternative_text": "Du bruit", "credit": "Personne", "caption": ""}
    fields |= {"focal_x": "50", "focal_y": "50"}
    return editor.send_file(PICTURES, fields, "file", noise.getvalue())


@pytest.fixture
def server() -> Iterator[tuple[PostgreSQL, Disk]]:
    """Return a PostgreSQL whose data are on a disk of its own."""
    with disk(200) as place, postgresql(place.folder) as server:
        yield server, place


def test_a_full_disk_under_postgresql(server: tuple[PostgreSQL, Disk], cluster: PostgreSQL, tmp_path: Path) -> None:
    postgres, place = server
    postgres.take("journal", cluster)
    with newspaper(tmp_path, DATABASE_URL=postgres.url("journal"), COMMENT_RATE="off") as site:
        assert site.submit("Avant.").status == 303
        place.fill()
        acknowledged = []
        while (answer := site.submit(body := f"Pendant la panne : {secrets.token_hex(4)}.")).status == 303:
            acknowledged.append(body)
        pages = [site.ask(path) for path in KEPT]
        health = until(lambda: (found := site.ask("/sante/")).status == 503 and found)
        place.make_room()
        # Without room for its journal the server stops itself; whoever watches over it starts it again.
        postgres.awake()

        assert is_apology(answer)
        assert keeps_text(answer)
        assert {page.status for page in pages} == {200}
        assert json.loads(health.text)["checks"]["database"] == "down"
        assert max(answer.seconds for answer in [answer, health, *pages]) < PATIENCE
        assert until(lambda: site.ask("/sante/").status == 200, 10)
        until(lambda: site.submit("Après.").status == 303, 10)
        stored = site.comments()
        assert all(stored[body] == 1 for body in ["Avant.", "Après.", *acknowledged])
