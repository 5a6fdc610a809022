#!/bin/bash
# Makes a small Debian of its own to boot: copies of what is installed here, and the program.
#
#   root.sh DIRECTORY PROGRAM
#
# Nothing of this machine is shared with it. udev, which a machine without hardware lacks, is fetched
# from Debian; what is fetched is kept in .build.
set -eu

root=$1
program=$2
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../.build
seeds="systemd nftables iptables iproute2 bash dash coreutils util-linux sed grep findutils base-passwd \
  libnftnl11 libmnl0 libstdc++6"

# Every package that these need, themselves included, as far as they are installed.
closure() {
  local todo=$* seen=" " next package
  while [ -n "$todo" ]; do
    next=""
    for package in $todo; do
      case "$seen" in *" $package "*) continue ;; esac
      seen="$seen$package "
      next="$next $(dpkg-query -W -f '${Pre-Depends}, ${Depends}\n' "$package" 2>/dev/null |
        tr ',|' '\n\n' | sed -e 's/[(:].*//' -e 's/ //g')"
    done
    todo=$next
  done
  tr ' ' '\n' <<<"$seen" | sort -u
}

mkdir -p "$root"
cd "$root"
mkdir -p usr/bin usr/sbin usr/lib usr/lib64 dev proc sys run tmp var/tmp var/lib root home
chmod 1777 tmp var/tmp
for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$directory"; done

closure $seeds | while read -r package; do
  dpkg-query -L "$package" 2>/dev/null || true
done | grep -vE '^/(var|run)/|/share/(doc|man|locale|zoneinfo|info|i18n|lintian|perl)|/perl' |
  sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\1/,' | sort -u | while read -r file; do
  # What exists and is no directory.
  if [ -L "$file" ] || [ -f "$file" ]; then echo "${file#/}"; fi
done | tar -C / -cf - --no-recursion -T - | tar -xf -

version=$(dpkg-query -W -f '${Version}' systemd)
package=$build/udev_${version//:/%3a}_$(dpkg --print-architecture).deb
[ -f "$package" ] || (cd "$build" && apt-get download -qq "udev=$version" >/dev/null 2>&1) || {
  echo "root: cannot fetch udev $version; bring systemd up to date: apt-get upgrade" >&2
  exit 3
}
dpkg-deb --fsys-tarfile "$package" | tar -xf - --keep-directory-symlink

# dpkg keeps these among its own data.
for program_name in iptables ip6tables; do
  for part in "" -save -restore; do
    ln -sf "$program_name-nft$part" "usr/sbin/$program_name$part"
  done
done

# The program, and libraries that it finds beside the compiler.
install -D -m 755 "$program" usr/bin/bridgeward
ldd "$program" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r library; do
  [ -e ".$library" ] || [ -e "./usr$library" ] || install -D -m 644 "$library" ".$library"
done
ldd "$program" | sed -n 's/.*=> \(\/.*\)\/[^/]*\.so.*/\1/p' | sort -u >etc/ld.so.conf
ldconfig -r .

# As `make install` puts them.
for unit in bridgeward-boot.service bridgeward.service; do
  install -D -m 644 "$here/../../Packaging/systemd/$unit" "usr/lib/systemd/system/$unit"
done
install -D -m 644 "$here/../../Packaging/systemd/nftables.conf" \
  usr/lib/systemd/system/nftables.service.d/bridgeward.conf
install -D -m 644 "$here/../../Packaging/systemd/bridgeward.tmpfiles" \
  usr/lib/tmpfiles.d/bridgeward.conf
mkdir -p etc/bridgeward

# Users, and a first boot that asks nothing.
cp usr/share/base-passwd/passwd.master etc/passwd
cp usr/share/base-passwd/group.master etc/group
: >etc/fstab
: >etc/machine-id
echo booted >etc/hostname
