#!/bin/sh
# The first process of new namespaces: makes a directory their root and becomes systemd.
#
#   init.sh ROOT [ro]
#
# Afterwards nothing of the machine's file system is in reach, and of its settings only those of the
# network, which are this namespace's own.
set -eu

root=$1
mode=${2:-rw}
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
# Read-only: udev is to see interfaces, not to set up disks.
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 dev dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs shm dev/shm
mount -t tmpfs -o mode=755 run run
mkdir run/old
[ "$mode" = rw ] || mount -o remount,bind,ro .
pivot_root . run/old
umount -l /run/old
rmdir /run/old
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set=-sys_time,-sys_boot,-sys_module,-sys_rawio,-syslog \
  /lib/systemd/systemd --show-status=no </dev/null
