"""`make audit`: ask a database of advisories about the locked requirements, and say plainly when none can be reached.

Exit codes: 0 when nothing is known against them, 0 with a word when nobody could be asked, 1 when something is known, 2 when
the lock is not one, or the audit itself fails. `AUDIT_COMMAND` is what asks: pip-audit, or what stands in for it in a test.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
SECONDS = 60
# What the libraries between pip-audit and the network call it when nobody answers.
_UNREACHABLE = re.compile(
    r"ConnectionError|ConnectionRefused|ConnectTimeout|Connection (?:refused|reset|timed out|aborted)|Max retries exceeded"
    r"|NameResolutionError|Name or service not known|Temporary failure in name resolution|No address associated"
    r"|Network is unreachable|No route to host|ProxyError|Read ?timed? ?out|Tunnel connection failed|SSLError"
    r"|Couldn't connect|Could not connect|Failed to establish"
    r"|\b(?:403|404|407|429|500|502|503|504) (?:Client|Server) Error",
    re.IGNORECASE,
)
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>\S+)(?P<rest>.*)")


def faults(lock: str) -> Iterator[str]:
    """Yield what keeps a file from being a lock: a requirement without version or digest, an address."""
    for line in lock.replace("\\\n", " ").splitlines():
        if "://" in line or line.lstrip().startswith(("-i", "-f", "-e", "--index", "--extra", "--find", "--trusted")):
            yield f"une adresse, ou une option qui en cite une : {line.strip()[:80]}"
        elif line.strip() and not line.startswith("#"):
            pinned = _PINNED.match(line.strip())
            if not pinned:
                yield f"une version qui n’est pas fixée : {line.strip()[:80]}"
            elif not re.search(r"--hash=sha256:[0-9a-f]{64}\b", pinned["rest"]):
                yield f"aucune empreinte : {pinned['name']}"


@dataclass
class Report:
    """What came back: what is known against packages, how many were looked up, and which were not."""

    known: list[str] = field(default_factory=list)
    audited: int = 0
    skipped: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Report | None":
        """Read pip-audit's report in JSON; None for what is none."""
        report = cls()
        try:
            for package in json.loads(text)["dependencies"]:
                # A mirror that has packages and no advisories has pip-audit pass over them, and say that all is well.
                if "skip_reason" in package:
                    report.skipped.append(package["name"])
                    continue
                report.audited += 1
                for advisory in package["vulns"]:
                    mended = ", ".join(advisory["fix_versions"]) or "aucune version"
                    report.known.append(
                        f"{package['name']} {package['version']} : {advisory['id']}, corrigé dans {mended}"
                    )
        except (ValueError, KeyError, TypeError):
            return None
        return report


def audit(lock: str, command: list[str]) -> int:
    """Ask about one file, say what came of it, and return the exit code."""
    options = [
        "--requirement",
        lock,
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(  # noqa: S603  the command is the caller's own
            [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return _not_asked(lock, f"pas de réponse en {SECONDS} s")
    report = Report.read(done.stdout)
    if report and report.known:
        print(f"✗ {lock} : {len(report.known)} avis de sécurité", *report.known, sep="\n  ")
        return 1
    if report and done.returncode == 0:
        if not report.audited:
            return _not_asked(lock, f"{len(report.skipped)} paquets demandés, aucun n’y est connu")
        print(f"✓ {lock} : aucun avis de sécurité connu contre {report.audited} paquets")
        if report.skipped:
            print(f"? {lock} : NON AUDITÉS, inconnus de la base : {', '.join(report.skipped)}")
        return 0
    if found := _UNREACHABLE.search(done.stderr):
        return _not_asked(lock, found[0])
    print(f"✗ {lock} : l’audit a échoué", done.stderr.strip()[-2_000:], sep="\n")
    return 2


def _not_asked(lock: str, why: str) -> int:
    print(f"? {lock} : NON AUDITÉ, aucune base d’avis de sécurité n’est joignable d’ici ({why}).")
    return 0


def main() -> int:
    """Check the locks, then ask about each."""
    wrong = [f"✗ {name} : {fault}" for name in LOCKS for fault in faults((ROOT / name).read_text())]
    if wrong:
        print(*wrong, sep="\n")
        return 2
    command = shlex.split(os.environ.get("AUDIT_COMMAND", "")) or [sys.executable, "-m", "pip_audit", "--timeout", "10"]
    return max(audit(name, command) for name in LOCKS)


if __name__ == "__main__":
    sys.exit(main())
