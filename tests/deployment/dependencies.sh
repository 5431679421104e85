#!/bin/sh
# Dependencies that are there already, in place of what bootstrap.sh would fetch: git calls this in a fresh clone, and a
# machine that starts again in each clone that it has. The layer above them is this machine's; their Python lies where
# bootstrap.sh is told to put one.
set -eu
python=/srv/multitude/python/tests
home=$(dirname "$(readlink -f /usr/src/multitude/venv/bin/python)")
if [ ! -e "$python/bin" ]; then
    mkdir -p "$python"
    mount --bind "$home/.." "$python"
fi
# Its own path to its library leads where the account of a service may not look.
echo "$python/lib" >/etc/ld.so.conf.d/tests.conf
ldconfig
layer=/run/dependencies/$(basename "$PWD")
mkdir -p "$layer/up" "$layer/work" .venv
mount -t overlay overlay -o "lowerdir=/usr/src/multitude/venv,upperdir=$layer/up,workdir=$layer/work" .venv
ln -sf "$python/bin/$(basename "$(readlink -f /usr/src/multitude/venv/bin/python)")" .venv/bin/python
sed -i "s|^home = .*|home = $python/bin|" .venv/pyvenv.cfg
[ -e .tools ] || cp -r /usr/src/multitude/tools .tools
# Static files too. For the second version, bootstrap.sh and collectstatic do their work.
if [ "$(basename "$PWD")" != 1.1.0 ] && [ ! -e staticfiles ] && [ -e /usr/src/multitude/staticfiles/.fait ]; then
    touch .venv/.installe
    cp -r /usr/src/multitude/staticfiles .
    touch staticfiles/.fait
fi
