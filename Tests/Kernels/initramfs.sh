#!/bin/bash
# Makes what a kernel starts with: enough to find the root directory that the machine lends it.
#
#   initramfs.sh KERNEL
#
# KERNEL is a directory that fetch.sh made; the result is KERNEL/initramfs.
set -eu

kernel=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/modules"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init" "$root/init"
# In the order in which they have to be loaded, and unpacked.
number=100
modprobe -d "$kernel" -S "$(cat "$kernel/version")" --all --show-depends \
  virtio_pci 9pnet_virtio 9p overlay | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' |
  while read -r module; do
    number=$((number + 1))
    case "$module" in
      *.xz) xz -dc "$module" >"$root/modules/$number.ko" ;;
      *.zst) zstd -qdc "$module" >"$root/modules/$number.ko" ;;
      *) cp "$module" "$root/modules/$number.ko" ;;
    esac
  done
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) | gzip -1 >"$kernel/initramfs"
