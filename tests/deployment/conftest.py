"""The page on deployment, carried out once for all tests of this folder; each says one thing about what was seen."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.deployment.machine import Machine, machines
from tests.deployment.page import Shells, commands

PAGE = "docs/how-to/deploy.md"
BACKUPS, DRILL = "docs/how-to/backup.md", "Try it, before you need it"
UPGRADE, BACK = "A new version", "The way back"
DATA, MOVING, SECOND, BOTH = (
    "The data machine",
    "The first machine moves its data there",
    "The second machine",
    "nginx knows both",
)
END = "/run/readers.end"


COUNT = "multitude shell -v0 -c 'from comments.models import Comment; print(Comment.objects.count())'"
CONTENT = """multitude shell -v0 -c '
from django.apps import apps
for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
    if model._meta.app_label in {"admin", "articles", "auth", "comments", "redirects", "sites"}:
        print(model._meta.label, model._base_manager.count())
'"""
FRONT_PAGE = "curl --silent --output /dev/null --write-out '%{http_code}' https://exemple.fr/"
STYLE = """
style=$(curl --silent --fail https://exemple.fr/ | grep -o '/static/css/base[^"]*' | head -n 1)
curl --silent --fail --output /dev/null --write-out "$style %{http_code} %{content_type}" "https://exemple.fr$style"
"""
SERVICES = "multitude-web@8001 multitude-web@8002 multitude-worker multitude-chores.timer multitude-backup.timer nginx"
NOTES = {
    "units": "systemd-analyze verify multitude-{web@8001,worker,chores,backup}.service multitude-{chores,backup}.timer 2>&1",
    "accounts": "ps -o user= -p $(systemctl show -p MainPID --value multitude-web@8001)",
    "code": "setpriv --reuid=multitude --regid=multitude --clear-groups touch /srv/multitude/current/x 2>&1 || true",
    "articles": "multitude shell -v0 -c 'from articles.models import Article; print(*Article.objects.values_list(\"slug\", flat=True))'",
    "open files": "awk '/open files/ {print $4}' /proc/$(cat /run/nginx.pid)/limits",
    "nginx": "kill -KILL $(cat /run/nginx.pid); sleep 0.5; until systemctl is-active nginx; do sleep 0.2; done",
    "failed": "systemctl --failed --no-legend",
    "chores": "systemctl start multitude-chores; systemctl show -p Result --value multitude-chores",
    "backups": "systemctl start multitude-backup; ls /var/lib/multitude-backups",
    "private key": "stat -c %a /etc/multitude/tls /etc/multitude/environment /var/lib/multitude | tr '\\n' ' '",
}
TYPED = """
STRANGER=1 HOST=10.9.8.7 DEFAULT_FROM_EMAIL= multitude shell -v0 -c '
import os
from django.conf import settings
print(settings.HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE_URL, os.environ["HOME"], "STRANGER" in os.environ)'
"""
COPY = """
. "$HOME/shell"
stat -c %a /var/lib/multitude-trial
export $COPY
multitude shell -v0 -c 'from comments.models import Comment; print(Comment.objects.count())'
multitude serve --no-demo </dev/null >/dev/null 2>&1 &
until curl --silent --fail --output /dev/null http://127.0.0.1:8100/; do sleep 0.2; done
kill $!
wait || true
"""
# The database is away while a web process starts: systemd would wait for 90 seconds before the next try.
TRIES = (
    "timeout 80 sh -c 'until [ $(systemctl show -p NRestarts --value multitude-web@8002) -ge 1 ]; do sleep 0.2; done'"
)
UNSHARED = """
systemctl stop multitude-web@8002
touch /run/away
umount /var/lib/multitude/media
setpriv --reuid=multitude --regid=multitude --clear-groups touch /var/lib/multitude/media/x 2>&1 || true
systemctl start --no-block multitude-web@8002
sleep 2
systemctl is-active multitude-web@8002 || true
rm /run/away
"""
STARTED = "timeout 180 sh -c 'until systemctl is-active multitude-web@8002; do sleep 0.2; done' | tail -n 1"
LISTENS = """
for port in 5432 6379; do
    timeout 180 sh -c "until ss --no-header --listening --tcp --numeric | grep --only-matching 10.0.0.3:$port; do sleep 0.2; done"
done
"""
CONNECTIONS = """
for _ in $(seq 20); do curl --silent --output /dev/null "https://exemple.fr/?page=$RANDOM"; done
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what stands here on one worker, so that the machines are there once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("deployment"))


@dataclass
class Journey:
    """What was seen on the way: what each section's commands printed, and what was noted between them."""

    printed: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, int]] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def journey() -> Iterator[Journey]:
    """Go all the way: one machine, another version and back, then three machines of which one fails."""
    journey = Journey()
    sections, drill = commands(PAGE), commands(BACKUPS)[DRILL]
    with machines("first", "second", "data") as made:
        first, second, data = made
        shells = Shells({"": first, "second": second, "data": data}, journey.done)
        trial = Shells(shells.machines)

        def carry_out(*titles: str) -> None:
            for title in titles:
                journey.printed[title] = shells.type(title, sections[title])

        def note(name: str, script: str, machine: Machine = first) -> None:
            journey.noted[name] = machine.run(script).strip()

        first.boot()
        carry_out("Packages, account, code", "What it is told")
        # Four readers of one machine comment more often than one person may.
        first.run("echo COMMENT_RATE=off >>/etc/multitude/environment; multitude loaddata essay --verbosity 0")
        carry_out("Services", "TLS and nginx", "Is it there?")
        for name, script in NOTES.items():
            note(name, script)
        note("typed", TYPED)
        journey.printed["drill"] = trial.type(DRILL, [drill[0], drill[3]])
        note("copy", COPY)
        trial.type(DRILL, [drill[4]])
        with _readers(first, journey, UPGRADE):
            carry_out(UPGRADE)
            note("style of 1.1.0", STYLE)
        with _readers(first, journey, BACK):
            shells.type(BACK, sections[BACK][:1])
            note("style of 1.0.0", STYLE)
        with _readers(first, journey, "reload"):
            first.run("systemctl reload multitude-web@8001; sleep 5")
        note("before the restoration", COUNT)
        shells.type(BACK, sections[BACK][1:])
        note("after the restoration", COUNT)

        first.power_off()
        first.boot()
        note("after a power cut", f"systemctl is-system-running --wait; systemctl is-active {SERVICES}; {FRONT_PAGE}")

        data.boot()
        second.boot()
        note("before moving", CONTENT)
        carry_out(DATA, MOVING)
        note("after moving", CONTENT)
        first.run("systemctl start multitude-backup")
        journey.printed["drill on PostgreSQL"] = trial.type(DRILL, drill[:4])
        note("copy on PostgreSQL", COPY)
        trial.type(DRILL, drill[4:])
        data.run("systemctl stop postgresql")
        first.run("systemctl restart --no-block multitude-web@8002")
        first.run(TRIES)
        data.run("systemctl start postgresql")
        note("once the database is back", STARTED)
        note("without the shared folder", UNSHARED)
        note("with the shared folder", STARTED)
        data.power_off()
        data.boot()
        note("data after a power cut", LISTENS, data)
        carry_out(SECOND, BOTH)
        first.run(CONNECTIONS)
        note(
            "connections",
            "ss --no-header --tcp --numeric state established '( sport = :8001 or sport = :8002 )'",
            second,
        )
        with _readers(first, journey, "a machine fails"):
            second.power_off()
            first.run("sleep 5")
        yield journey


@contextmanager
def _readers(machine: Machine, journey: Journey, name: str) -> Iterator[None]:
    """Have readers ask and comment while something is done, and note what they were answered."""
    script = Path(__file__).with_name("readers.py").read_text()
    machine.run(f"rm -f {END}; cat >/run/readers.py <<'END'\n{script}\nEND")
    with machine.start(["python3", "/run/readers.py", "exemple.fr", END]) as readers:
        try:
            yield
        finally:
            machine.run(f"touch {END}")
            printed, _errors = readers.communicate(timeout=60)
    journey.answers[name] = json.loads(printed)
