#!/bin/sh
# Prepares .venv/ for the Makefile, from nothing but python3 (3.9 or later) and its pip:
#
#   bootstrap.sh install FILE   uv into .tools/, an environment on the best Python found into .venv/, and there
#                               the locked, hashed requirements of FILE
#   bootstrap.sh lock           writes requirements.txt and requirements-dev.txt anew from pyproject.toml
#   bootstrap.sh vnu            the Nu Html Checker into .tools/vnu/, from npm's registry: a test asks it about every page
#
# A step that fails says why in one sentence and leaves nothing that a second run would trip over.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)
uv=$root/.tools/bin/uv
uv_version=0.13.9
unfinished=.venv/.inacheve
vnu_version=26.9.27
vnu_sha256=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47

# Two makes at once wait for each other, where the system can lock.
exec 9>.verrou
command -v flock >/dev/null 2>&1 && flock 9

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# What pip was told about mirrors and certificates, uv is told too.
export UV_NO_PROGRESS=1 UV_PYTHON_PREFERENCE=system
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"

# pip and every python3 run from / : there, a pyenv shim does not obey this checkout's .python-version.
pip() {
    (cd / && PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
        PIP_ROOT_USER_ACTION=ignore PIP_NO_WARN_SCRIPT_LOCATION=1 python3 -m pip "$@")
}

provide_uv() {
    "$uv" --version >/dev/null 2>&1 && return
    (cd / && python3 -c '') >/dev/null 2>&1 ||
        die "Multitude a besoin de python3 (3.9 ou plus récent) et de son module pip : la commande « python3 » ne répond pas."
    pip --version >/dev/null 2>&1 ||
        die "Multitude a besoin du module pip de python3, qui manque ici (sous Debian et Ubuntu : apt install python3-pip)."
    say "Installation d’uv $uv_version dans .tools/"
    rm -rf .tools.partiel
    if ! output=$(pip install --quiet --only-binary :all: --target "$root/.tools.partiel" "uv==$uv_version" 2>&1); then
        rm -rf .tools.partiel
        die "pip n’a pas pu installer uv : $(printf '%s\n' "$output" | grep -i error | tail -n 1)"
    fi
    rm -rf .tools
    mv .tools.partiel .tools
    "$uv" --version >/dev/null 2>&1 || die "uv est installé dans .tools/ mais ne fonctionne pas sur cette machine."
}

# Says whether "$1" is a CPython ≥ 3.12 that can run Multitude; prints its own path.
usable() {
    (cd / && "$1" -c '
import sqlite3, ssl, sys, sysconfig
if (sys.version_info < (3, 12) or sys.version_info.releaselevel != "final" or sys.implementation.name != "cpython"
        or sqlite3.sqlite_version_info < (3, 37) or sysconfig.get_config_var("Py_GIL_DISABLED")):
    sys.exit(1)
print(sys.executable)
') 2>/dev/null
}

# Prints the best Python there is: 3.13, else 3.14, 3.12, or any later one; from PATH, pyenv, or uv's own.
find_python() {
    for version in 3.13 3.14 3.12 3; do
        set -f
        IFS=:
        for folder in $PATH; do
            usable "$folder/python$version" && return
        done
        unset IFS
        set +f
        for candidate in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3; do
            usable "$candidate" && return
        done
        candidate=$("$uv" python find --no-project --managed-python --no-python-downloads "$version" 2>/dev/null) &&
            usable "$candidate" && return
    done
    return 1
}

make_venv() {
    if ! python=$(find_python); then
        say "Aucun Python 3.12 ou plus récent sur cette machine : uv en télécharge un"
        "$uv" python install --quiet --no-bin 3.13 >/dev/null 2>&1 &&
            python=$("$uv" python find --no-project --managed-python --no-python-downloads 3.13 2>/dev/null) ||
            die "Multitude a besoin de Python 3.12 ou plus récent : cette machine n’en a pas et le téléchargement a échoué ; installez Python 3.13, puis recommencez."
    fi
    say "Environnement Python dans .venv/, avec $python"
    "$uv" venv --quiet --no-project --clear --python "$python" .venv ||
        die "L’environnement Python n’a pas pu être créé dans .venv/ avec $python."
}

install() {
    # An interrupted installation may have left half a package behind: start again from an empty environment.
    if [ -e "$unfinished" ] || ! .venv/bin/python -c '' 2>/dev/null; then
        make_venv
    fi
    say "Installation des dépendances de $1"
    if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
        mirror=$(pip config get global.index-url 2>/dev/null || true)
        mirror=${PIP_INDEX_URL:-$mirror}
        [ -z "$mirror" ] || export UV_DEFAULT_INDEX="$mirror"
    fi
    # Compiled here, modules are loaded three times as fast even where Python may not write beside them.
    : >"$unfinished"
    "$uv" pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes --requirement "$1" ||
        die "Les dépendances de $1 n’ont pas pu être installées (voir ci-dessus)."
    rm -f "$unfinished"
}

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.12 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade "$@"
}

lock() {
    compile --output-file requirements.txt pyproject.toml
    compile --constraint requirements.txt --group dev --output-file requirements-dev.txt
    if grep -n '://' requirements.txt requirements-dev.txt; then
        die "Un fichier de dépendances cite une adresse de téléchargement."
    fi
    say "requirements.txt et requirements-dev.txt sont à jour"
}

provide_vnu() {
    command -v npm >/dev/null 2>&1 ||
        die "Le validateur HTML vient du registre de npm, qui manque ici (sous Debian et Ubuntu : apt install npm)."
    say "Installation du validateur HTML $vnu_version dans .tools/vnu/"
    rm -rf .tools/vnu
    mkdir -p .tools/vnu
    if ! output=$(npm pack --silent --pack-destination .tools/vnu "vnu-jar@$vnu_version" 2>&1) ||
        ! tar xzf ".tools/vnu/vnu-jar-$vnu_version.tgz" -C .tools/vnu package/build/dist/vnu.jar; then
        rm -rf .tools/vnu
        die "npm n’a pas pu installer vnu-jar : $(printf '%s\n' "$output" | tail -n 1)"
    fi
    digest='import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())'
    if [ "$(cd / && python3 -c "$digest" "$root/.tools/vnu/package/build/dist/vnu.jar")" != "$vnu_sha256" ]; then
        rm -rf .tools/vnu
        die "vnu-jar $vnu_version n’est pas celui que ce dépôt attend : rien n’est installé."
    fi
    mv .tools/vnu/package/build/dist/vnu.jar .tools/vnu/vnu.jar
    rm -rf .tools/vnu/package ".tools/vnu/vnu-jar-$vnu_version.tgz"
}

provide_uv
case $1 in
    install) install "$2" ;;
    lock) lock ;;
    vnu) provide_vnu ;;
    *) die "bootstrap.sh : étape inconnue « $1 »." ;;
esac
