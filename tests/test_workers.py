"""Four web processes on one database, under real parallel requests: what one does, all show."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.servers import ROOT, Answer, Site, empty_stores, environment, free_port, new_address, running

pytestmark = pytest.mark.xdist_group("make run")

WORKERS = 4
PARALLEL = 32
# Seconds that a machine busy with other tests may take for what takes two.
PATIENCE = 30
ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
READER = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Firefox/140.0"}


class Newspaper:
    """A running site with four processes, and a shell on its database."""

    def __init__(self, site: Site, variables: dict[str, str]) -> None:
        self.site = site
        self._variables = environment(**variables)

    def shell(self, code: str) -> str:
        """Run a line of Python in a process of its own, and return what it prints."""
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=self._variables, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def submit(self, number: int, **values: str) -> Answer:
        """Send a comment on the essay from a network of its own, and again later when the server asks for it."""
        form = {"author_name": f"Lectrice {number}", "author_email": f"l{number}@exemple.fr", "website": ""}
        form |= {"body": f"Avis {number}."} | values
        headers = READER | {"X-Forwarded-For": f"203.0.113.{number}"}
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.site.ask("POST", f"{ESSAY}commentaires/", form, **headers)
            if answer.status != 503 or time.monotonic() > deadline:
                return answer
            time.sleep(int(answer.headers["retry-after"]))

    def essays(self, count: int = PARALLEL) -> list[Answer]:
        """Ask for the essay over many connections at once, so that every process answers some."""
        return together(lambda _number: self.site.ask("GET", ESSAY), count)

    def pending(self) -> list[str]:
        """Return the keys of the comments that wait on the essay."""
        code = f"from comments.models import Comment as C; print(*C.objects.pending().filter(article__slug='{ESSAY.split('/')[2]}').order_by('pk').values_list('pk', flat=True))"
        return self.shell(code).split()


def together(act: Callable[[int], Any], count: int = PARALLEL) -> list[Any]:
    """Do something so many times at once."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    """Return the demo newspaper, served by four processes behind a proxy that says who asks."""
    folder = tmp_path_factory.mktemp("workers")
    with empty_stores() as stores:
        variables = {"DATA_DIR": str(folder / "data"), "PORT": str(free_port()), "TRUSTED_PROXIES": "127.0.0.1"}
        variables |= stores | {"WEB_WORKERS": str(WORKERS), "COMMENT_RATE": "off"}
        with running(folder / "log", variables) as site:
            yield Newspaper(site, variables)
        # Told on a busy machine: some were asked to come back, and did.
        assert not re.search(r"Traceback|ERROR (?!multitude\.congestion)", site.output), site.output


def test_a_decision_is_shown_by_the_next_answer_of_the_same_process(newspaper: Newspaper) -> None:
    newspaper.submit(1, body="Visible aussitôt.")
    pk = newspaper.pending()[-1]
    with newspaper.site.visitor() as moderator:
        assert moderator.log_in(newspaper.site.password) == 302
        assert "Visible aussitôt" not in moderator.ask("GET", ESSAY).text
        form = {"action": "approve", "_selected_action": pk, f"seen_{pk}": "1"}
        assert moderator.post_form("/admin/comments/comment/", form).status == 302
        assert "Visible aussitôt" in moderator.ask("GET", ESSAY).text


def test_a_decision_elsewhere_is_shown_by_every_process_within_a_second(newspaper: Newspaper) -> None:
    newspaper.submit(2, body="Visible partout.")
    pk = newspaper.pending()[-1]
    newspaper.essays()
    code = f"import time; from comments import moderation as m; m.decide(comment_id={pk}, action='approve', moderator=None); print(time.time())"
    committed = float(newspaper.shell(code))
    time.sleep(max(0, committed + 1 - time.time()))
    assert all("Visible partout" in answer.text for answer in newspaper.essays())


def test_a_thousand_readers_of_a_purged_page_cause_one_rendering_by_process(newspaper: Newspaper) -> None:
    newspaper.essays()
    newspaper.shell("from multitude.caching import purge; purge('site')")
    time.sleep(1)
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _number: newspaper.site.ask("GET", ESSAY), range(1_000)))
    states = [answer.headers["x-cache"] for answer in answers]
    assert {answer.status for answer in answers} == {200}
    assert 1 <= states.count("miss") <= WORKERS
    assert states.count("hit") == 1_000 - states.count("miss")


def test_comments_sent_at_once_are_all_kept_and_equal_ones_once(newspaper: Newspaper) -> None:
    before = len(newspaper.pending())
    assert {answer.status for answer in together(newspaper.submit)} == {303}
    equal = together(lambda _number: newspaper.submit(99, body="Encore et encore."))
    assert len({(answer.status, answer.headers["location"]) for answer in equal}) == 1
    assert len(newspaper.pending()) == before + PARALLEL + 1


def test_readings_of_all_processes_are_folded(newspaper: Newspaper) -> None:
    def read(_number: int) -> int:
        return newspaper.site.ask("POST", "/vues/3/", **READER, **{"X-Forwarded-For": new_address()}).status

    def count() -> int:
        code = "from articles.models import Article as A; print(A.objects.get(pk=3).view_count)"
        return int(newspaper.shell(code))

    expected = count() + PARALLEL
    assert set(together(read)) == {204}
    newspaper.shell("from django.core.management import call_command; call_command('fold_views')")
    deadline = time.monotonic() + PATIENCE
    while (found := count()) < expected and time.monotonic() < deadline:
        time.sleep(0.2)
    assert found == expected
