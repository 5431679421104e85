#!/bin/sh
# Becomes the first process of a throw-away Debian machine: this machine's own root folder under a layer that is thrown
# away, with its own processes and network, and systemd itself. tests/deployment/machine.py calls it:
#
#   boot.sh FOLDER NAME     FOLDER/layer is the machine's disk, FOLDER/../source what it sees as /usr/src/multitude
set -eu
folder=$1
name=$2
# Two runs of the tests may each have a machine of that name.
group=$(basename "$(dirname "$folder")")-$name

case ${3:-outside} in
    outside)
        # A control group of its own, so that each machine's systemd keeps house for its own services alone.
        mkdir -p "$folder/groups" "$folder/root"
        mount -t cgroup2 none "$folder/groups"
        mkdir -p "$folder/groups/$group"
        echo 0 >"$folder/groups/$group/cgroup.procs"
        setpriv --pdeathsig KILL unshare --mount --pid --fork --net --uts --ipc --cgroup --kill-child sh "$0" "$folder" "$name" inside || true
        echo 0 >"$folder/groups/cgroup.procs"
        find "$folder/groups/$group" -depth -type d -exec rmdir {} \;
        ;;
    inside)
        umount "$folder/groups"
        root=$folder/root
        mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/layer/up,workdir=$folder/layer/work" "$root"
        mkdir -p "$root/usr/src/multitude"
        mount --rbind "$folder/../source" "$root/usr/src/multitude"
        mkdir -p "$root/usr/src/machines"
        mount --bind "$folder/.." "$root/usr/src/machines"
        mount --bind "$VENV" "$root/usr/src/multitude/venv"
        mount --bind "$TOOLS" "$root/usr/src/multitude/tools"
        # What belongs to the machine below is not changed: its kernel's settings, its devices.
        mount -t proc proc "$root/proc"
        mount --bind "$root/proc/sys" "$root/proc/sys"
        mount -o remount,bind,ro "$root/proc/sys"
        mount -t sysfs -o ro sysfs "$root/sys"
        mount -t cgroup2 none "$root/sys/fs/cgroup"
        mount -t tmpfs -o mode=755 tmpfs "$root/dev"
        for device in full null random tty urandom zero; do
            touch "$root/dev/$device"
            mount --bind "/dev/$device" "$root/dev/$device"
        done
        mkdir "$root/dev/pts" "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
        ln -s pts/ptmx "$root/dev/ptmx"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t tmpfs -o mode=755 tmpfs "$root/run"
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        hostname "$name"
        ip link set lo up
        cd "$root"
        mkdir run/before
        pivot_root . run/before
        [ -e /etc/bare ] || sh /usr/src/multitude/bare.sh
        for release in /srv/multitude/releases/*; do
            [ ! -d "$release" ] || (cd "$release" && sh /usr/src/multitude/dependencies.sh)
        done
        umount -l /run/before
        exec env -i container=multitude PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            /lib/systemd/systemd --unit=multi-user.target --log-target=journal --show-status=0 </dev/null
        ;;
esac
