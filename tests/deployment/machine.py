"""Throw-away Debian machines on which systemd itself runs: what the page on deployment is carried out on.

A machine is this one's root folder under a layer that is thrown away, with its own processes, users, network and control
group. What Debian's packages would bring must be here already: nothing is fetched from the network.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.installed import lack
from tests.servers import ROOT

HERE = Path(__file__).parent
NEEDED = (
    "unshare",
    "nsenter",
    "setpriv",
    "pivot_root",
    "ip",
    "nginx",
    "psql",
    "redis-server",
    "curl",
    "git",
    "openssl",
)
MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("multitude", "{before}")]
    operations = [migrations.RunSQL("CREATE TABLE version_1_1 (n integer)", "DROP TABLE version_1_1")]
"""
# Whatever ends this process, what it started ends too.
WITH_US = ["setpriv", "--pdeathsig", "KILL"]
# What three machines write, and one version's static files more than once.
MEGABYTES = 1_000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Machine:
    """A machine: its name, and the folder of its disk, which is called by its address."""

    name: str
    folder: Path
    process: subprocess.Popen | None = None
    pid: int = 0
    switch: int = 0

    def boot(self) -> None:
        """Start the machine, or start it again with all that its disk holds, and wait for its systemd."""
        with (self.folder / "console").open("a") as console:
            self.process = subprocess.Popen(
                [
                    *WITH_US,
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    HERE / "boot.sh",
                    self.folder,
                    self.name,
                ],
                stdout=console,
                stderr=console,
                start_new_session=True,
                env=os.environ | {"VENV": str((ROOT / ".venv").resolve()), "TOOLS": str((ROOT / ".tools").resolve())},
            )
        start = time.monotonic()
        while self._state() not in {"running", "degraded"}:
            if self.process.poll() is not None or time.monotonic() - start > 60:
                lacking(
                    f"systemd ne démarre pas dans un espace à part : {(self.folder / 'console').read_text()[-500:]}"
                )
            time.sleep(0.05)
        # The cable of before the power cut may still be there for a moment.
        cable = f"ip link delete {self.name} 2>/dev/null || true; ip link add {self.name} type veth peer name eth0 netns {self.pid}"
        _network(self.switch, f"{cable}; ip link set {self.name} master switch up")
        # A machine that was off comes back under the address of its card by which the others still know it.
        card = f"02:00:00:00:00:{int(self.folder.name.rpartition('.')[2]):02x}"
        _network(
            self.pid,
            f"ip link set eth0 address {card}; ip address add {self.folder.name}/24 dev eth0; ip link set eth0 up",
        )

    def _state(self) -> str:
        """Return what the machine's systemd says of itself; nothing while it is not there."""
        assert self.process
        self.pid = _first_process_of_a_machine(self.process.pid) or self.pid
        if not self.pid:
            return ""
        return self._enter(["systemctl", "is-system-running"]).stdout.strip()

    def power_off(self) -> None:
        """Take the plug out."""
        if self.process and self.process.poll() is None:
            if self.pid:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=20)
        self.process, self.pid = None, 0

    def run(self, script: str, seconds: float = 300) -> str:
        """Run lines of a shell as root, and return what they print; the first that fails fails the test."""
        done = self._enter(["bash", "-euo", "pipefail", "-s"], script, seconds)
        if done.returncode:
            voices = "+".join(f" _TRANSPORT={name} " for name in ("stdout", "syslog", "journal")).split()
            journal = self._enter(["journalctl", "--no-pager", "-n", "25", *voices]).stdout
            pytest.fail(
                f"{self.name}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{journal[-6000:]}"
            )
        return done.stdout

    def _enter(self, command: list[str], given: str = "", seconds: float = 60) -> subprocess.CompletedProcess[str]:
        whole = [*self._door(), *command]
        return subprocess.run(whole, input=given, capture_output=True, text=True, timeout=seconds, check=False, cwd="/")

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        """Start a program on the machine, and return at once."""
        return subprocess.Popen([*self._door(), *command], stdout=subprocess.PIPE, text=True, cwd="/")

    def _door(self) -> list[str]:
        enter = ["nsenter", "--target", str(self.pid), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
        return [*enter, "env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", "UV_OFFLINE=1", "PIP_NO_INDEX=1"]


def _first_process_of_a_machine(pid: int) -> int:
    """Return the one that is 1 in there, among the children of what started it; 0 when there is none yet."""
    try:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            numbers = [
                line for line in Path(f"/proc/{child}/status").read_text().splitlines() if line.startswith("NSpid")
            ]
            name = Path(f"/proc/{child}/comm").read_text().strip()
            if numbers[0].split()[-1] == "1" and name == "systemd":
                return int(child)
            if found := _first_process_of_a_machine(int(child)):
                return found
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


@contextmanager
def machines(*names: str) -> Iterator[list[Machine]]:
    """Give machines that are switched off, on one network: the first is 10.0.0.1, the second 10.0.0.2…"""
    _check()
    # In memory: a disk would have to be waited for, and cannot be a layer above itself.
    folder = Path(tempfile.mkdtemp(prefix="multitude-", dir="/dev/shm"))
    made = [Machine(name, folder / f"10.0.0.{number}") for number, name in enumerate(names, 1)]
    with _switch() as switch:
        try:
            _write_source(folder / "source")
            for machine in made:
                machine.switch = switch
                for part in ("layer/up", "layer/work"):
                    (machine.folder / part).mkdir(parents=True)
                _hide(machine.folder / "layer/up", "var/lib/postgresql")
            yield made
        finally:
            for machine in made:
                machine.power_off()
            shutil.rmtree(folder)


def _hide(layer: Path, folder: str) -> None:
    """Have a machine see an empty folder, whatever other tests write to this machine's meanwhile."""
    (layer / folder).mkdir(parents=True)
    os.setxattr(layer / folder, "trusted.overlay.opaque", b"y")


@contextmanager
def _switch() -> Iterator[int]:
    """Give the process whose network connects the machines."""
    with subprocess.Popen([*WITH_US, "unshare", "--net", "sleep", "3600"]) as process:
        try:
            time.sleep(0.1)
            _network(process.pid, "ip link add switch type bridge && ip link set switch up")
            yield process.pid
        finally:
            process.kill()


def _network(pid: int, script: str) -> None:
    """Run lines of a shell in the network of a process."""
    subprocess.run(["nsenter", "--target", str(pid), "--net", "sh", "-ec", script], check=True)


def _write_source(folder: Path) -> None:
    """Write what machines see as /usr/src/multitude: this working tree as a repository of two versions, and our scripts."""
    for name in ("venv", "tools", "shared", "template/hooks"):
        (folder / name).mkdir(parents=True)
    for name in ("bare.sh", "dependencies.sh"):
        shutil.copy(HERE / name, folder)
    shutil.copy(HERE / "dependencies.sh", folder / "template/hooks/post-checkout")
    shutil.copytree(HERE / "standins", folder / "standins")
    if (ROOT / "staticfiles/.fait").exists():
        shutil.copytree(ROOT / "staticfiles", folder / "staticfiles")
    tree = folder / "repository"
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    _git(tree, "init", "--quiet")
    _release(tree, "1.0.0")
    # What an upgrade must bring to readers: another style, under another name, and one more step of the database.
    with (tree / "static/css/base.css").open("a") as style:
        style.write("\n.nouveau { color: inherit }\n")
    migration = tree / "multitude/migrations/0999_version.py"
    before = max(path.stem for path in migration.parent.glob("0*.py"))
    migration.write_text(MIGRATION.format(before=before))
    _release(tree, "1.1.0")


def _release(tree: Path, version: str) -> None:
    _git(tree, "add", "--all")
    who = ["-c", "user.name=essai", "-c", "user.email=essai@exemple.fr"]
    _git(tree, *who, "commit", "--quiet", "--message", version)
    _git(tree, "tag", version)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def _check() -> None:
    """Skip what cannot run here, saying what is missing; CI is to have everything."""
    if os.geteuid():
        lacking("il faut être root pour donner à une machine d’essai ses espaces à part")
    if missing := [name for name in NEEDED if not shutil.which(name, path=f"{os.environ.get('PATH', '')}:{PATH}")]:
        lacking(f"il manque {', '.join(missing)}")
    if shutil.disk_usage("/dev/shm").free < MEGABYTES * 1_000_000:  # noqa: S108  where memory is a folder
        lacking(f"il faut {MEGABYTES} Mo dans /dev/shm")
    if not Path("/lib/systemd/systemd").exists():
        lacking("il manque systemd")
    if Path(sys.prefix) != ROOT / ".venv" or not (ROOT / ".tools/bin/uv").exists():
        lacking("les dépendances ne sont pas celles que « make » installe dans .venv/")


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail it where CI is set, saying why the page was not carried out."""
    lack(f"Les commandes de docs/how-to/deploy.md n’ont pas été jouées : {reason}.")
