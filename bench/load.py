"""The load: wrk where it is installed, else the small client of `bench.client`; a sample says which."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import client
from bench.results import Broken
from bench.sample import Sample
from multitude.web.server import HOST

_SCRIPT = Path(__file__).with_name("load.lua")


def name(*, wrk: bool = True) -> str:
    """Return who sends the load on this machine."""
    return "wrk" if wrk and shutil.which("wrk") else "client Python"


def run(port: int, requests: Sequence[bytes], *, connections: int, seconds: float, wrk: bool = True) -> Sample:
    """Send the requests in turn, over and over, for so many seconds, and return what came back.

    With wrk, up to one answer a connection is cut off at the end and not counted. Raises Broken
    when an answer is an error or a connection fails.
    """
    if name(wrk=wrk) == "wrk":
        return _run_wrk(port, requests, connections, seconds)
    sample = client.drive(port, cycle(requests), connections=connections, seconds=seconds)
    if refused := {status: times for status, times in sample.statuses.items() if status >= 400}:
        raise Broken(f"des réponses sont des erreurs : {refused}")
    return sample


def _run_wrk(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Sample:
    """Give wrk the requests as a file: each after its length in bytes."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_bytes(b"".join(b"%d\n%s" % (len(request), request) for request in requests))
        words = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        command = ["wrk", *words, "-s", str(_SCRIPT), f"http://{HOST}:{port}", "--", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(f"wrk a échoué : {done.stderr.strip() or done.stdout.strip()}")
    report = json.loads(done.stdout.strip().splitlines()[-1])
    if report["errors"] or not report["requests"]:
        raise Broken(f"wrk compte {report['errors']:.0f} erreurs sur {report['requests']:.0f} réponses")
    return Sample(
        by="wrk",
        answers=int(report["requests"]),
        seconds=report["microseconds"] / 1e6,
        p50_ms=report["p50"] / 1000,
        p99_ms=report["p99"] / 1000,
    )
