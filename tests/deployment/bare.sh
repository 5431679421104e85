#!/bin/sh
# Makes a throw-away machine as bare as Debian's installer leaves one: what the machine below runs and keeps is not there.
# What cannot be fetched without a network is put in its place, under /usr/local/sbin, and says so in its own words.
set -eu

rm -rf /etc/systemd/system/*.wants /etc/systemd/system/multitude* /lib/systemd/system/multi-user.target.wants
rm -rf /lib/systemd/system/timers.target.wants /lib/systemd/system/getty.target.wants
rm -rf /etc/postgresql /var/lib/postgresql /var/lib/redis /etc/nginx/conf.d /var/log/nginx /var/log/journal /var/log/postgresql
rm -rf /srv /etc/multitude /etc/letsencrypt /var/www/acme /etc/gitconfig ~root/.gitconfig
mkdir -p /srv /etc/nginx/conf.d /var/log/nginx
install -d -o postgres -g postgres /var/lib/postgresql /var/log/postgresql
install -d -o redis -g redis -m 750 /var/lib/redis
hostname >/etc/hostname
head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >/etc/machine-id

cat >/etc/hosts <<END
127.0.0.1 localhost $(hostname)
127.0.0.1 exemple.fr www.exemple.fr
END

# The repository's address leads to the copy that the tests made of this working tree. A fresh clone finds its
# dependencies already installed: those that the tests themselves run with, under a layer of its own.
cat >/etc/gitconfig <<END
[url "file:///usr/src/multitude/repository"]
    insteadOf = https://forge.exemple.fr/multitude.git
[safe]
    directory = *
[init]
    templateDir = /usr/src/multitude/template
[advice]
    detachedHead = false
END

install -m 755 /usr/src/multitude/standins/* /usr/local/sbin/
ln -s /usr/local/sbin/mount.nfs4 /sbin/mount.nfs4

touch /etc/bare
