"""A site that is read and written is backed up, and brought back by other processes into an empty place."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import ROOT, Site, empty_stores, environment, free_port, running

pytestmark = pytest.mark.xdist_group("backup")

WRITERS = 4
ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"


@dataclass
class Writers:
    """Readers who comment one after the other, until they are told to stop."""

    site: Site
    stopped: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def write(self, writer: int) -> None:
        """Send comments from ever other networks, and note those that were taken."""
        number = 0
        with self.site.visitor() as visitor:
            while not self.stopped.wait(0.02):
                number += 1
                body = f"Avis {writer}-{number}."
                form = {"author_name": "Lectrice", "author_email": f"l{writer}@exemple.fr", "website": "", "body": body}
                headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": f"2001:db8:{writer}:{number:x}::1"}
                answer = visitor.ask("POST", f"{ESSAY}commentaires/", form, **headers)
                if answer.status == 303:
                    self.acknowledged.append(body)
                elif answer.status != 503:
                    self.refused.append(answer.status)


def manage(variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str], Writers]]:
    """Back a site up while four people comment; return the file, what was acknowledged before it began, and the writers."""
    folder = tmp_path_factory.mktemp("sauvegarde")
    archive = folder / "journal.tar"
    with empty_stores() as stores:
        variables = stores | {"DATA_DIR": str(folder / "ici"), "PORT": str(free_port()), "COMMENT_RATE": "off"}
        variables |= {"TRUSTED_PROXIES": "127.0.0.1"}
        with running(folder / "log", variables) as site:
            writers = Writers(site)
            threads = [threading.Thread(target=writers.write, args=(number,)) for number in range(WRITERS)]
            for thread in threads:
                thread.start()
            try:
                while len(writers.acknowledged) < 20:
                    time.sleep(0.05)
                before = list(writers.acknowledged)
                done = manage(variables, "backup", str(archive))
            finally:
                writers.stopped.set()
                for thread in threads:
                    thread.join()
            assert done.returncode == 0, done.stderr
            assert site.ask("GET", ESSAY).status == 200
        yield archive, before, writers


def test_every_comment_acknowledged_before_is_brought_back_elsewhere_and_each_is_whole(
    backed_up: tuple[Path, list[str], Writers], tmp_path: Path
) -> None:
    archive, before, writers = backed_up
    assert writers.refused == []
    assert len(writers.acknowledged) > len(before)
    with empty_stores() as stores:
        there = stores | {"DATA_DIR": str(tmp_path / "ailleurs"), "PORT": str(free_port())}
        done = manage(there, "restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert "comptes et intégrité vérifiés" in done.stdout
        assert f"et le dossier {tmp_path / 'ailleurs'}.\n" in done.stdout
        again = manage(there, "restore", str(archive))
        assert again.returncode == 1
        assert re.match(r"CommandError: La base de données \S.* contient déjà quelque chose", again.stderr)
        assert len(again.stderr.splitlines()) == 1
        code = (
            "from comments.models import Comment as C; from django.test import Client; "
            "get = Client(headers={'host': 'localhost'}).get; "
            f"print(get('{ESSAY}').status_code, '{ESSAY}' in get('/recherche/?q=multitude').text); "
            "print(*C.objects.pending().filter(body__startswith='Avis ', author_email__contains='@exemple.fr').exclude("
            "follow_up_key='').order_by('pk').values_list('body', flat=True), sep='|')"
        )
        pages, comments = manage(there, "shell", "--verbosity=0", "-c", code).stdout.splitlines()
        assert pages == "200 True"
        assert set(before) <= set(comments.split("|"))
        assert len(comments.split("|")) == len(set(comments.split("|")))


def test_the_archive_holds_the_secret_and_is_for_one_account(backed_up: tuple[Path, list[str], Writers]) -> None:
    archive, _before, _writers = backed_up
    listed = subprocess.run(["tar", "tf", archive], capture_output=True, text=True, check=True).stdout.split()
    assert "secret" in listed
    assert archive.stat().st_mode & 0o077 == 0
