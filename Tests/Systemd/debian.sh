#!/bin/bash
# Makes a Debian to boot, from its archive, with our package installed as apt would.
#
#   debian.sh DIRECTORY PACKAGE
#
# SUITE and MIRROR say which Debian; this machine's, if nothing is said. What is fetched is kept
# beside DIRECTORY.
set -eu

root=$1
package=$2
SUITE=${SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
MIRROR=${MIRROR:-http://deb.debian.org/debian}
command -v debootstrap >/dev/null || {
  echo "debian: debootstrap is needed: apt-get install debootstrap" >&2
  exit 3
}

fetched=$root-$SUITE
if [ ! -d "$fetched" ]; then
  rm -rf "$fetched.part"
  debootstrap --variant=minbase \
    --include=systemd,systemd-sysv,udev,nftables,iptables,iproute2,libnftnl11,libmnl0,libstdc++6 \
    "$SUITE" "$fetched.part" "$MIRROR" >"$fetched.log" 2>&1 || {
    tail -n 20 "$fetched.log" >&2
    exit 3
  }
  mv "$fetched.part" "$fetched"
fi
rm -rf "$root"
cp -a "$fetched" "$root"
cp "$package" "$root/root/bridgeward.deb"
echo booted >"$root/etc/hostname"
: >"$root/etc/machine-id"
unshare --mount --pid --net --fork --kill-child --mount-proc="$root/proc" \
  chroot "$root" /usr/bin/dpkg --install /root/bridgeward.deb
