#!/bin/sh
# Becomes the first process of a throw-away Debian machine: this machine's own root folder under a layer that is thrown
# away, with its own processes and network, and systemd itself. tests/deployment/machine.py calls it:
#
#   boot.sh FOLDER NAME     FOLDER/layer is the machine's disk, FOLDER/../source what it sees as /usr/src/multitude
set -eu
folder=$1
name=$2

case ${3:-outside} in
    outside)
        # A control group of its own, so that each machine's systemd keeps house for its own services alone.
        mkdir -p "$folder/groups" "$folder/root"
        mount -t cgroup2 none "$folder/groups"
        mkdir -p "$folder/groups/multitude-$name"
        echo 0 >"$folder/groups/multitude-$name/cgroup.procs"
        unshare --mount --pid --fork --net --uts --ipc --cgroup --kill-child sh "$0" "$folder" "$name" inside || true
        echo 0 >"$folder/groups/cgroup.procs"
        find "$folder/groups/multitude-$name" -depth -type d -exec rmdir {} \;
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
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=755 tmpfs "$root/run"
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        mount --rbind /dev "$root/dev"
        # RemoveIPC looks for files of a service’s account there, and would find those of the layers.
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t sysfs sysfs "$root/sys" 2>/dev/null || mount --rbind /sys "$root/sys"
        mount -t cgroup2 none "$root/sys/fs/cgroup"
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
