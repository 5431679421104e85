"""`python -m bench`: chooses the measurements, takes them in order, prints and writes what they found."""

import argparse
import os
import signal
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import load, machine, report
from bench.bench import FULL, QUICK, Bench, Scale
from bench.measures import MEASURES
from bench.results import Broken, Result, Unavailable
from bench.sites import Sites

LIGHTHOUSE = "lighthouse"


def main(words: list[str] | None = None, *, scale: Scale | None = None) -> int:
    """Run the benchmark and return its exit code: 1 when a measurement broke, or with --strict when a goal is missed."""
    options = _options(words)
    if LIGHTHOUSE in options.names:
        os.execvp("bash", ["bash", str(Path(__file__).with_name("lighthouse.sh"))])  # noqa: S606
    names = [name for name in MEASURES if name in options.names or not options.names]
    scale = scale or (QUICK if options.quick else FULL)
    servers_core, load_core = machine.cores()
    print(
        f"{machine.description()}. Serveurs sur le cœur {servers_core}, charge ({load.name(wrk=options.wrk)}) "
        f"sur le cœur {load_core}.",
        flush=True,
    )
    found: dict[str, Result | None] = {}
    with machine.pinned(load_core), TemporaryDirectory(prefix="multitude-bench-") as folder:
        sites = Sites(options.keep or Path(folder) / "sites", kept=options.keep is not None, say=_say)
        bench = Bench(scale=scale, sites=sites, folder=Path(folder), say=_say, wrk=options.wrk)
        try:
            for number, name in enumerate(names, start=1):
                _say(f"\n[{number}/{len(names)}] {name}…")
                found[name] = _measured(name, bench)
        finally:
            sites.close()
    if options.results or not options.quick:
        results = (options.results or report.RESULTS).resolve()
        how = machine.description() + (", essai court (--quick)" if options.quick else "")
        report.write(results, found, how, list(MEASURES))
        if results == report.RESULTS:
            report.publish(results)
    broken = [name for name, result in found.items() if result is None]
    goals = [goal for result in found.values() if result for goal in result.goals]
    missed = [goal for goal in goals if goal.is_met is False]
    _say(f"\nPromesses : {len(goals)}. Manquées : {len(missed)}. Mesures en panne : {len(broken)}.")
    return 1 if broken or (options.strict and missed) else 0


def _measured(name: str, bench: Bench) -> Result | None:
    """Take one measurement and print what it found; None when it broke, which is told."""
    start = perf_counter()
    try:
        result = MEASURES[name](bench)
    except (Broken, Unavailable) as error:
        _say(f"EN PANNE : {error}")
    except Exception:
        traceback.print_exc()
    else:
        _say(f"{result.title} ({perf_counter() - start:.0f} s)\n\n{report.told(result)}")
        return result
    return None


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description="Mesure le journal, à côté d’ancres mesurées en même temps."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="mesure",
        help=f"parmi : {', '.join([*MEASURES, LIGHTHOUSE])} ; toutes sans nom, sauf la dernière",
    )
    parser.add_argument(
        "--quick", action="store_true", help="un essai de quelques minutes, qui n’écrit pas de résultats"
    )
    parser.add_argument("--strict", action="store_true", help="finir en erreur si une promesse est manquée")
    parser.add_argument("--keep", type=Path, metavar="DOSSIER", help="y garder les journaux écrits, et les y reprendre")
    parser.add_argument("--results", type=Path, metavar="DOSSIER", help="où écrire les résultats (bench/results)")
    parser.add_argument("--no-wrk", dest="wrk", action="store_false", help="charge envoyée par le client Python")
    options = parser.parse_args(words)
    if LIGHTHOUSE in options.names and len(options.names) > 1:
        parser.error(f"{LIGHTHOUSE} se lance seul")
    if unknown := set(options.names) - {*MEASURES, LIGHTHOUSE}:
        parser.error(f"mesure inconnue : {', '.join(sorted(unknown))}")
    return options


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    # Whoever ends this process ends the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
