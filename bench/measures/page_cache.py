"""The same bytes from bare granian, from the page cache, and from nginx as a file where it is installed."""

import gzip
import json
from base64 import b64encode
from contextlib import ExitStack
from functools import partial
from statistics import median

from bench import client, load, servers
from bench.bench import Bench
from bench.http import Answer
from bench.inside import Inside
from bench.profiles import told
from bench.readers import page
from bench.results import Broken, Cost, Goal, Result
from bench.sample import COLUMNS, Rounds, Sample, interleave, ratio
from bench.servers import Server

CONNECTIONS = 32
BARE, OURS, NGINX = "granian nu", "page gardée en mémoire", "nginx, un fichier"
FORMS = ("identité", "gzip", "304")


def measure(bench: Bench) -> Result:
    """Measure the article with a hundred comments, whole, compressed, and unchanged."""
    site = bench.small_site()
    with Inside(site, megabytes=64) as inside, ExitStack() as stack:
        path = inside.call("long_article")["path"]
        ours = stack.enter_context(bench.serve(site, PAGE_CACHE_MB="64"))
        answers = _capture(ours, path)
        stored = bench.folder / "answers.json"
        stored.write_text(json.dumps({name: _stored(answer) for name, answer in answers.items()}))
        bare = servers.granian("bench.bare:application", bench.folder / "bare.log", {"BENCH_ANSWERS": str(stored)})
        running = {BARE: stack.enter_context(bare), OURS: ours}
        (bench.folder / "page.html").write_bytes(answers["identity"].body)
        (bench.folder / "page.html.gz").write_bytes(answers["gzip"].body)
        if (nginx := servers.nginx(bench.folder)) is not None:
            running[NGINX] = stack.enter_context(nginx)
        loads = {
            f"{name}, {form}": (server, partial(_send, bench, server, request))
            for form in FORMS
            for name, server in running.items()
            for request in [_request(server, "/page.html" if name == NGINX else path, form, answers)]
        }
        taken = interleave(loads, rounds=bench.scale.rounds, seconds=bench.scale.seconds)
        goals = _goals(taken)
        profile = told(inside, path, OURS, by_function=True, times=5_000)
    size = f"{len(answers['identity'].body)} octets, {len(answers['gzip'].body)} en gzip"
    return Result(
        place=1,
        title="Les mêmes octets : granian seul, la page gardée en mémoire, nginx",
        columns=["réponse", *COLUMNS],
        rows=[[name, *rounds.row] for name, rounds in taken.items()],
        goals=goals,
        notes=[
            f"Article de cent commentaires, {size} ; {CONNECTIONS} connexions, charge envoyée par {load.name(wrk=bench.wrk)}.",
            *([] if NGINX in running else ["nginx n’est pas installé : non mesuré."]),
            *([] if all(goal.is_met for goal in goals) else [profile]),
        ],
        costs=[
            Cost(label=name, ms=median(rounds.cpu_ms), is_anchor=not name.startswith(OURS))
            for name, rounds in taken.items()
        ],
    )


def _goals(taken: dict[str, Rounds]) -> list[Goal]:
    goals = []
    for form in FORMS[:2]:
        ours, bare = taken[f"{OURS}, {form}"], taken[f"{BARE}, {form}"]
        goals += [
            Goal(label=f"Débit {form} ÷ granian nu", value=ratio(ours.rate, bare.rate), limit=0.90, at_least=True),
            Goal(label=f"Processeur {form} ÷ granian nu", value=ratio(ours.cpu_ms, bare.cpu_ms), limit=1.15),
        ]
    unchanged, compressed = taken[f"{OURS}, 304"], taken[f"{OURS}, gzip"]
    faster = ratio(unchanged.rate, compressed.rate)
    return [*goals, Goal(label="Débit 304 ÷ débit gzip", value=faster, limit=1, at_least=True)]


def _capture(ours: Server, path: str) -> dict[str, Answer]:
    """Return the page cache's answers, each a hit; Broken when one is not what it should be."""
    client.ask(ours.port, page(path, "identity"))
    identity = client.ask(ours.port, page(path, "identity")).expect(200)
    compressed = client.ask(ours.port, page(path, "gzip")).expect(200)
    unchanged = client.ask(ours.port, page(path, "gzip", If_None_Match=compressed.headers["etag"])).expect(304)
    answers = {"identity": identity, "gzip": compressed, "304": unchanged}
    states = {name: answer.headers.get("x-cache") for name, answer in answers.items()}
    if set(states.values()) != {"hit"}:
        raise Broken(f"la page n’est pas gardée en mémoire : X-Cache vaut {states}")
    if compressed.headers.get("content-encoding") != "gzip" or gzip.decompress(compressed.body) != identity.body:
        raise Broken("la page compressée n’est pas la page")
    return answers


def _stored(answer: Answer) -> dict[str, object]:
    """Return an answer as `bench.bare` reads it, without what granian itself adds."""
    status = answer.head.split(b"\r\n")[0].decode().partition(" ")[2]
    headers = [(name, value) for name, value in answer.headers.items() if name not in {"server", "date", "connection"}]
    return {"status": status, "headers": headers, "body": b64encode(answer.body).decode()}


def _request(server: Server, path: str, form: str, answers: dict[str, Answer]) -> bytes:
    """Return the request of one form of the page, after checking that its answer is that form."""
    encoding = "identity" if form == "identité" else "gzip"
    request = page(path, encoding)
    answer = client.ask(server.port, request).expect(200)
    if answer.body != answers[encoding].body:
        raise Broken(f"{path} : {len(answer.body)} octets au lieu de {len(answers[encoding].body)}")
    if form == "304":
        request = page(path, encoding, If_None_Match=answer.headers["etag"])
        client.ask(server.port, request).expect(304)
    return request


def _send(bench: Bench, server: Server, request: bytes, seconds: float) -> Sample:
    return load.run(server.port, [request], connections=CONNECTIONS, seconds=seconds, wrk=bench.wrk)
