"""deploy/systemd and deploy/environment: what systemd says of them, and that what they name is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.installed import find
from tests.servers import ROOT

pytestmark = pytest.mark.any_database

UNITS = ROOT / "deploy/systemd"
SERVICES = ["multitude-web@8001", "multitude-worker", "multitude-chores", "multitude-backup"]
# systemd calls up to 10 «UNSAFE», up to 4 «OK», and what asks the least of the machine «SAFE», below 2.
EXPOSURE = 1.5


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a root folder in which the units stand where the page puts them."""
    find("systemd-analyze", "systemd")
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(UNITS, root / "etc/systemd/system")
    shutil.copy(UNITS / "multitude-web@.service", root / "etc/systemd/system/multitude-web@8001.service")
    return root


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_exposes_next_to_nothing(installed: Path, service: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--root={installed}", "--no-pager"]
    done = subprocess.run([*command, f"{service}.service"], capture_output=True, text=True, check=True)
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert level
    assert float(level[1]) <= EXPOSURE, done.stdout


@pytest.mark.parametrize("unit", [path.name for path in sorted(UNITS.glob("*.service"))])
def test_a_service_runs_a_command_that_is_there(unit: str) -> None:
    commands = re.findall(r"^ExecStart=\S+/python manage\.py (\w+)", (UNITS / unit).read_text(), re.MULTILINE)
    assert len(commands) == 1
    assert commands[0] in get_commands()


@pytest.mark.parametrize("timer", [path.stem for path in sorted(UNITS.glob("*.timer"))])
def test_a_timer_has_its_service(timer: str) -> None:
    assert (UNITS / f"{timer}.service").exists()


def test_the_environment_file_names_variables_that_the_site_reads() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy/environment").read_text(), re.MULTILINE)
    read = (ROOT / "multitude/settings.py").read_text()
    assert named
    assert [name for name in named if f'"{name}"' not in read] == []


def test_the_command_takes_exactly_the_variables_that_the_site_reads() -> None:
    taken = re.findall(r'TAKEN="([^"]+)"', (ROOT / "deploy/multitude").read_text())[0].split()
    read = re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', (ROOT / "multitude/settings.py").read_text())
    assert sorted(taken) == sorted([*read, "MEDIA_STORAGE_OPTIONS", "LANG", "LC_ALL", "PATH", "TERM"])


def test_shell_and_systemd_read_the_environment_file_alike() -> None:
    values = re.findall(r"^#?[A-Z_]+=(.*)$", (ROOT / "deploy/environment").read_text(), re.MULTILINE)
    assert [value for value in values if not re.fullmatch(r"[\w\-./:@=,%?]*|'[^']*'", value)] == []
