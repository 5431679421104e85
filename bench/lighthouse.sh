#!/usr/bin/env bash
# Measures the essay's page as a phone meets it: three Lighthouse runs against the production server, in a folder
# of its own. Fails below the goals: 95 in each category; 60 KB over the wire without fonts and 150 KB with them, pictures
# apart, whose bytes are told.
#
#   make bench ARGS=lighthouse                      (needs Node 18.16 or later, and Chromium)
#   CHROME_PATH=…  make bench ARGS=lighthouse       another Chrome or Chromium
#   RUNS=5 BENCH_PATH=/ make bench ARGS=lighthouse  more runs, another page
#
# The pages by which articles are found:
#   for page in / /rubriques/idees/ /auteurs/nicolas-colin/ /recherche/ /archives/; do
#       BENCH_PATH=$page make bench ARGS=lighthouse || break
#   done
set -euo pipefail

cd "$(dirname "$0")/.."
python=.venv/bin/python
path=${BENCH_PATH:-/articles/les-dirigeants-et-les-attentes-de-la-multitude/}
runs=${RUNS:-3}
# The last version that runs on Node 18 and 20; pinned, so that two measurements can be compared.
lighthouse=lighthouse@12.8.2

CHROME_PATH=${CHROME_PATH:-$(command -v chromium chromium-browser google-chrome | head -n 1 || true)}
export CHROME_PATH
if [ -z "$CHROME_PATH" ]; then
    echo "Chromium est introuvable : installez-le, ou donnez son chemin dans CHROME_PATH." >&2
    exit 1
fi
if ! command -v npx >/dev/null; then
    echo "npx est introuvable : Lighthouse a besoin de Node 18.16 ou plus récent." >&2
    exit 1
fi

folder=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$($python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
env -u DATABASE_URL -u CACHE_URL -u SITE_URL -u ALLOWED_HOSTS -u DEBUG DATA_DIR="$folder/data" PORT="$port" \
    $python manage.py serve >"$folder/server.log" 2>&1 &
server=$!
url=http://127.0.0.1:$port$path
for ((i = 0; ; i++)); do
    if $python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$url" 2>/dev/null; then
        break
    fi
    if ((i == 120)) || ! kill -0 "$server" 2>/dev/null; then
        echo "Le serveur ne donne pas $path :" >&2
        cat "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.5
done
# What readers get once the web process has made the pictures, a few seconds after they came.
DATA_DIR="$folder/data" env -u DATABASE_URL -u CACHE_URL $python manage.py render_pictures >>"$folder/server.log"

echo "$path : $runs passages de Lighthouse, profil mobile"
for ((i = 1; i <= runs; i++)); do
    npx --yes "$lighthouse" "$url" --quiet --output=json --output-path="$folder/run-$i.json" \
        --only-categories=performance,accessibility,best-practices,seo \
        --chrome-flags="--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
--disable-background-networking --disable-component-update --disable-sync" \
        2>"$folder/lighthouse.log" || { cat "$folder/lighthouse.log" >&2; exit 1; }
done

$python - "$folder"/run-*.json <<'PYTHON'
import json
import statistics
import sys

reports = [json.load(open(name)) for name in sys.argv[1:]]
failed = False

for key, name in (("performance", "Performance"), ("accessibility", "Accessibilité"),
                  ("best-practices", "Bonnes pratiques"), ("seo", "SEO")):
    scores = [round(100 * (report["categories"][key]["score"] or 0)) for report in reports]
    median = statistics.median(scores)
    failed |= median < 95
    print(f"{name:<18}{median:>5.0f}   ({', '.join(map(str, scores))})" + ("   sous 95" if median < 95 else ""))

for key, name in (("first-contentful-paint", "Premier affichage"), ("largest-contentful-paint", "Plus grand élément"),
                  ("total-blocking-time", "Blocage"), ("cumulative-layout-shift", "Décalages")):
    values = [report["audits"][key]["numericValue"] for report in reports]
    unit = "" if key.endswith("shift") else " ms"
    print(f"{name:<20}{statistics.median(values):>6.{0 if unit else 3}f}{unit}")

def size(report, kind):
    items = report["audits"]["network-requests"]["details"]["items"]
    return sum(item["transferSize"] for item in items if item.get("resourceType", "Other") in kind)

pictures, fonts = {"Image"}, {"Font"}
kinds = {item.get("resourceType", "Other") for report in reports
         for item in report["audits"]["network-requests"]["details"]["items"]}
for kind, name, most in ((kinds - fonts - pictures, "Octets sans police", 60_000),
                         (kinds - pictures, "Octets avec", 150_000), (pictures, "Octets d’images", None)):
    octets = max(size(report, kind) for report in reports)
    too_much = most is not None and octets > most
    failed |= too_much
    print(f"{name:<20}{octets:>8,}".replace(",", " ") + (f"   plus de {most // 1000} Ko" if too_much else ""))

for audit in reports[0]["audits"].values():
    if audit["scoreDisplayMode"] == "binary" and not audit["score"]:
        print(f"  à voir : {audit['title']}")

sys.exit(failed)
PYTHON
