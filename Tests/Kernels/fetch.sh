#!/bin/bash
# Fetches a kernel of Debian's from its archive; installs nothing.
#
#   fetch.sh SUITE DIRECTORY
#
# Leaves DIRECTORY/vmlinuz, DIRECTORY/config, DIRECTORY/version and DIRECTORY/lib/modules. MIRROR says
# which archive.
set -eu

suite=$1
directory=$2
MIRROR=${MIRROR:-http://deb.debian.org/debian}
[ ! -f "$directory/version" ] || exit 0

part=$directory.part
rm -rf "$part"
mkdir -p "$part/apt/lists/partial" "$part/apt/archives/partial" "$part/lib"
part=$(cd "$part" && pwd)
: >"$part/apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $suite main" \
  >"$part/apt/sources.list"
# A configuration of its own: what this machine knows of archives is not touched.
options="-o Dir::Etc::SourceList=$part/apt/sources.list -o Dir::Etc::SourceParts=/dev/null \
  -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
  -o Dir::State::Lists=$part/apt/lists -o Dir::State::Status=$part/apt/status \
  -o Dir::Cache=$part/apt -o Acquire::Languages=none -o APT::Sandbox::User=root"

# depends PACKAGE PATTERN: those of its dependencies that are called so.
depends() {
  # The options are words to split, here and below.
  # shellcheck disable=SC2086
  apt-cache $options depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p"
}

# shellcheck disable=SC2086
apt-get $options -qq update
package=$(depends linux-image-amd64 'linux-image-[0-9].*-amd64' | head -n 1)
[ -n "$package" ] || {
  echo "fetch: $suite has no kernel" >&2
  exit 3
}
# Newer ones are split.
parts=$(depends "$package" 'linux-\(base\|binary\|modules\)-[0-9].*')
# shellcheck disable=SC2086
(cd "$part" && apt-get $options -qq download "$package" $parts)

version=${package#linux-image-}
# What a machine without hardware needs.
for file in "$part"/*.deb; do
  dpkg-deb --fsys-tarfile "$file" | tar -C "$part" -xf - --wildcards --no-anchored \
    'vmlinuz*' 'config*' 'modules.*' 'kernel/net/*' 'kernel/lib/*' 'kernel/fs/*' \
    'kernel/crypto/*' 'kernel/arch/*' 'kernel/drivers/net/*' 'kernel/drivers/virtio/*' \
    2>/dev/null || true # where a package has not all of them
done
# Newer packages have them there, the kernel included.
[ ! -d "$part/usr/lib/modules" ] || mv "$part/usr/lib/modules" "$part/lib/modules"
for name in vmlinuz config; do
  for file in "$part/boot/$name-$version" "$part/lib/modules/$version/$name"; do
    [ ! -f "$file" ] || mv "$file" "$part/$name"
  done
done
[ -f "$part/vmlinuz" ] || {
  echo "fetch: no kernel in $package $parts" >&2
  exit 3
}
rm -rf "$part/usr" "$part/boot" "$part/apt" "$part"/*.deb
depmod -b "$part" "$version"
echo "$version" >"$part/version"
rm -rf "$directory"
mv "$part" "$directory"
