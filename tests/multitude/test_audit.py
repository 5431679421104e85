"""The audit of the lock tells what is known against it, what could not be asked, and never takes the one for the other."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT

pytestmark = pytest.mark.any_database

PACKAGE: dict[str, Any] = {"name": "paquet", "version": "1.0", "vulns": []}
SKIPPED = {"name": "inconnu", "skip_reason": "Dependency not found on PyPI and could not be audited"}
ADVISORY = {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}


def audit(folder: Path, *, report: Any = None, error: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the audit with a program in pip-audit's place that answers so."""
    said = "" if report is None else json.dumps({"dependencies": report, "fixes": []})
    stand_in = folder / "stand_in.py"
    stand_in.write_text(f"import sys\nprint({said!r})\nprint({error!r}, file=sys.stderr)\nsys.exit({code})\n")
    command = {"AUDIT_COMMAND": f"{sys.executable} {stand_in}"}
    return run(command)


def run(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the audit as `make audit` does."""
    command = [sys.executable, "deploy/audit.py"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_advisory_fails(tmp_path: Path) -> None:
    done = audit(tmp_path, report=[PACKAGE | {"vulns": [ADVISORY]}, SKIPPED], code=1)
    assert done.returncode == 1
    assert "paquet 1.0 : PYSEC-1, corrigé dans 1.1" in done.stdout


def test_nothing_known_passes(tmp_path: Path) -> None:
    done = audit(tmp_path, report=[PACKAGE])
    assert done.returncode == 0
    assert "aucun avis de sécurité connu contre 1 paquets" in done.stdout
    assert "NON AUDITÉ" not in done.stdout


@pytest.mark.parametrize(
    "error",
    [
        "requests.exceptions.ConnectionError: Max retries exceeded with url: /pypi/asgiref/json",
        "NameResolutionError: Failed to resolve",
        "requests.exceptions.ReadTimeout: Read timed out.",
        "ProxyError('Unable to connect to proxy')",
        "503 Server Error: Service Unavailable",
    ],
)
def test_nobody_to_ask_is_said_and_is_no_failure(tmp_path: Path, error: str) -> None:
    done = audit(tmp_path, error=error, code=1)
    assert done.returncode == 0
    assert "NON AUDITÉ" in done.stdout
    assert "✓" not in done.stdout


def test_packages_that_were_passed_over_are_not_taken_for_sound(tmp_path: Path) -> None:
    done = audit(tmp_path, report=[SKIPPED, SKIPPED])
    assert done.returncode == 0
    assert "NON AUDITÉ" in done.stdout
    assert "✓" not in done.stdout


def test_those_that_nobody_knows_are_named(tmp_path: Path) -> None:
    done = audit(tmp_path, report=[PACKAGE, SKIPPED])
    assert done.returncode == 0
    assert "NON AUDITÉS, inconnus de la base : inconnu" in done.stdout


@pytest.mark.parametrize("error", ["Traceback: KeyError", "error: invalid requirements", ""])
def test_an_audit_that_breaks_is_a_failure(tmp_path: Path, error: str) -> None:
    done = audit(tmp_path, error=error, code=1)
    assert done.returncode == 2
    assert "a échoué" in done.stdout


def test_pip_audit_itself_tells_that_it_reaches_nobody() -> None:
    closed = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), closed) | {
        "NO_PROXY": "",
        "no_proxy": "",
    }
    command = f"{sys.executable} -m pip_audit --timeout 2 --vulnerability-service osv --osv-url {closed}"
    done = run(proxies | {"AUDIT_COMMAND": command})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NON AUDITÉ" in done.stdout


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        ("paquet>=1.0 \\\n    --hash=sha256:" + "a" * 64, "pas fixée"),
        ("paquet==1.0", "aucune empreinte : paquet"),
        ("paquet==1.0 --hash=md5:" + "a" * 32, "aucune empreinte : paquet"),
        ("paquet @ https://exemple.fr/paquet.whl", "une adresse"),
        ("--index-url exemple.fr", "une adresse"),
        ("-e .", "une adresse"),
    ],
)
def test_what_is_no_lock_is_told(lock: str, fault: str) -> None:
    faults = runpy.run_path(str(ROOT / "deploy" / "audit.py"))["faults"]
    assert any(fault in found for found in faults(lock))
    assert [*faults("paquet[a]==1.0 ; python_version > '3' \\\n    --hash=sha256:" + "a" * 64)] == []


def test_every_requirement_has_its_digest_and_no_address() -> None:
    locked = [
        line for name in ("requirements.txt", "requirements-dev.txt") for line in (ROOT / name).read_text().splitlines()
    ]
    names = {line.split("==")[0].split("[")[0].lower() for line in locked if line and not line.startswith((" ", "#"))}
    declared = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("]\n\n[tool")[0]
    wanted = {
        line.strip(' ",').split(">")[0].split("[")[0] for line in declared.splitlines() if line.strip().startswith('"')
    }
    assert {name.lower() for name in wanted} <= names
    assert not any("://" in line for line in locked)


def test_continuous_integration_runs_the_audit() -> None:
    assert "make audit" in (ROOT / ".ci/run").read_text()
