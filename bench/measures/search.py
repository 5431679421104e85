"""The search among a hundred thousand articles: words that half of them hold, words that none holds, phrases, filters."""

from statistics import median
from urllib.parse import urlencode

from bench import client
from bench.bench import Bench
from bench.inside import Inside
from bench.profiles import longest_query, told
from bench.readers import page
from bench.results import Broken, Cost, Goal, Result, Unavailable, number, p95
from bench.sites import DATABASES

P95_MS = 50
WARM_UP = 5
COMMON = "un mot courant"
# What is asked for of each kind, in turn; whether anything is found is checked.
QUESTIONS: dict[str, list[dict[str, str]]] = {
    COMMON: [{"q": "mairie"}, {"q": "dossier"}, {"q": "comptes"}],
    "deux mots courants": [{"q": "mairie budget"}, {"q": "dépenses usagers"}],
    "un mot du titre": [{"q": "cantine"}, {"q": "bibliothèques"}],
    "un mot rare": [{"q": "télescope"}, {"q": "multitude"}],
    "une phrase": [{"q": '"quatrième année de suite"'}, {"q": "« ordre du jour »"}],
    "une phrase que rien ne contient": [{"q": '"mairie dépenses"'}, {"q": '"comptes mairie"'}],
    "sans un mot": [{"q": "mairie -cantine"}, {"q": 'dossier -"quatrième année"'}],
    "aucun résultat": [{"q": "xylophone"}, {"q": "mairie xylophone"}],
    "une rubrique": [{"q": "mairie", "rubrique": "culture"}],
    "une année": [{"q": "mairie", "periode": "an"}],
    "la dernière page": [{"q": "mairie", "page": "10"}],
}
_EMPTY = {"une phrase que rien ne contient", "aucun résultat"}


def measure(bench: Bench) -> Result:
    """Ask for each kind of page in turn, on each database that is there."""
    articles = bench.scale.large[0]
    notes = [
        f"PAGE_CACHE_MB=0, une demande après l’autre, {bench.scale.samples} fois chacune, page et passages compris ; "
        "le processeur est celui du serveur, sans celui de PostgreSQL.",
        "Au plus 200 articles sont trouvés : les titres d’abord, puis les plus récents ; PostgreSQL cherche par tranches de temps, "
        "les dernières d’abord.",
    ]
    rows = {name: [name] for name in QUESTIONS}
    goals: list[Goal] = []
    costs: list[Cost] = []
    for database in DATABASES:
        label = DATABASES[database]
        try:
            found = _asked(bench, database, notes)
        except Unavailable as error:
            notes.append(f"{label} n’est pas mesuré : {error}.")
            goals.append(Goal(label=label, value=None, limit=P95_MS))
            for row in rows.values():
                row.extend(["—"] * 3)
            continue
        for name, (taken, cpu) in found.items():
            rows[name].extend(number(value) for value in (median(taken), p95(taken), cpu))
            goals.append(Goal(label=f"{label}, {name}, p95", value=p95(taken), limit=P95_MS, unit="ms", strict=True))
        costs.append(Cost(label=f"une recherche, {label}", ms=found[COMMON][1]))
    columns = [f"{label} {part}" for label in DATABASES.values() for part in ("ms", "p95 ms", "processeur ms")]
    return Result(
        place=9,
        title=f"Chercher parmi {number(articles)} articles",
        columns=["question", *columns],
        rows=list(rows.values()),
        goals=goals,
        notes=notes,
        costs=costs,
    )


def _asked(bench: Bench, database: str, notes: list[str]) -> dict[str, tuple[list[float], float]]:
    """Return, for each kind of question, its milliseconds and those of the server's processor for one."""
    site = bench.sites.get("recherche", articles=bench.scale.large[0], comments=0, database=database)
    found = {}
    with Inside(site) as inside, bench.serve(site, PAGE_CACHE_MB="0") as ours:
        for name, questions in QUESTIONS.items():
            paths = [f"/recherche/?{urlencode(question)}" for question in questions]
            for path in paths:
                shown = client.ask(ours.port, page(path, "identity")).expect(200).body
                if (b"<mark>" in shown) == (name in _EMPTY):
                    raise Broken(f"{path} : {'trouvé' if name in _EMPTY else 'introuvable'}")
            requests = [page(path) for path in paths]
            for turn in range(WARM_UP):
                client.ask(ours.port, requests[turn % len(requests)]).expect(200)
            before = ours.cpu_seconds()
            answers = [client.ask(ours.port, requests[turn % len(requests)]) for turn in range(bench.scale.samples)]
            cpu = (ours.cpu_seconds() - before) / bench.scale.samples * 1000
            taken = [answer.expect(200).seconds * 1000 for answer in answers]
            found[name] = taken, cpu
            label = f"{name} sur {DATABASES[database]}"
            if name == COMMON:
                notes.append(told(inside, paths[0], label))
            if p95(taken) >= P95_MS:
                notes.append(longest_query(inside, label, "page", path=paths[0]))
    return found
