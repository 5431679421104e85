#!/usr/bin/env bash
# Measures pages as a phone meets them: three Lighthouse runs each against the production server, in a folder of its own, and
# writes the medians into docs/explanation/performance.md. Fails below the goals: 95 in each category; 60 KB over the wire
# without fonts and 150 KB with them, pictures apart, whose bytes are told.
#
#   make bench ARGS=lighthouse                      front page, a section, an author, a month, the search, the essay
#                                                   (needs Node 18.16 or later, and Chromium)
#   CHROME_PATH=…  make bench ARGS=lighthouse       another Chrome or Chromium
#   RUNS=5 BENCH_PATH="/ /archives/" make bench ARGS=lighthouse  more runs, other pages; nothing is written
#
# Of the search it is the form: what is found is kept from search engines, and Lighthouse would call that a fault.
set -euo pipefail

cd "$(dirname "$0")/.."
python=.venv/bin/python
essay=/articles/les-dirigeants-et-les-attentes-de-la-multitude/
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
site=http://127.0.0.1:$port
fetch() {
    $python -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$site$1"
}
for ((i = 0; ; i++)); do
    if fetch "$essay" >/dev/null 2>&1; then
        break
    fi
    if ((i == 120)) || ! kill -0 "$server" 2>/dev/null; then
        echo "Le serveur ne donne pas $essay :" >&2
        cat "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.5
done
# What readers get once the web process has made the pictures, a few seconds after they came.
DATA_DIR="$folder/data" env -u DATABASE_URL -u CACHE_URL $python manage.py render_pictures >>"$folder/server.log"

if [ -n "${BENCH_PATH:-}" ]; then
    read -ra pages <<<"$BENCH_PATH"
else
    month=$(fetch /archives/ | grep -o '/archives/[0-9]\{4\}/[0-9]\{2\}/' | sort | tail -n 1)
    pages=(/ /rubriques/idees/ /auteurs/nicolas-colin/ "$month" /recherche/ "$essay")
fi
mkdir "$folder/reports"
for ((p = 0; p < ${#pages[@]}; p++)); do
    echo "${pages[p]} : $runs passages de Lighthouse, profil mobile"
    for ((i = 1; i <= runs; i++)); do
        npx --yes "$lighthouse" "$site${pages[p]}" --quiet --output=json \
            --output-path="$folder/reports/$(printf %02d-%02d "$p" "$i").json" \
            --only-categories=performance,accessibility,best-practices,seo \
            --chrome-flags="--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
--disable-background-networking --disable-component-update --disable-sync" \
            2>"$folder/lighthouse.log" || { cat "$folder/lighthouse.log" >&2; exit 1; }
    done
done

if [ -n "${BENCH_PATH:-}" ]; then
    $python -m bench.lighthouse "$folder/reports"
else
    $python -m bench.lighthouse "$folder/reports" --publish "Lighthouse ${lighthouse#*@}, mobile profile, median of $runs \
runs, $(date -u +%Y-%m-%d), load of the machine at the end $(cut -d ' ' -f 1 /proc/loadavg)."
fi
