#!/usr/bin/env bash
# Becomes a program that runs as in the image, without an engine for images: a user without rights, in a root of its own that has the image's files,
# and of which nothing can be written but /data and /tmp. It needs a mount namespace of its own:
#   unshare --mount container.sh LAYOUT USER DATA TMP PROGRAM...
set -euo pipefail
layout=$1 user=$2 data=$3 tmp=$4
shift 4
root=$layout/root

# Puts a folder or file in the root, for reading only.
show() {
    mount --bind "$1" "$root$2"
    mount -o remount,bind,ro "$root$2"
}

mount --make-rprivate /
mount -t tmpfs -o mode=755 root "$root"
mkdir "$root"/{app,cli,data,dev,etc,proc,tmp,usr}
cp -d /bin /lib /lib64 "$root"
show /usr /usr
show /etc /etc
show "$layout/app" /app
show "$layout/cli" /cli
for device in null random urandom zero; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount --rbind /proc "$root/proc"
mount --bind "$data" "$root/data"
mount --bind "$tmp" "$root/tmp"
mount -o remount,ro "$root"
exec chroot "$root" /usr/bin/setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- \
    /usr/bin/env --chdir=/app "$@"
