#!/bin/sh
# Builds the Debian package.
#
#   deb.sh PROGRAM MANUAL DIRECTORY
#
# Leaves bridgeward_VERSION_ARCHITECTURE.deb in DIRECTORY and prints its path. The same inputs give
# the same package: times are those of the last commit, or SOURCE_DATE_EPOCH. MAINTAINER says who
# answers for it.
set -eu

program=$1
manual=$2
output=$3
here=$(cd "$(dirname "$0")" && pwd)
for tool in dpkg-deb dpkg-shlibdeps strip; do
  command -v "$tool" >/dev/null || {
    echo "deb: $tool is needed: apt-get install dpkg-dev binutils" >&2
    exit 3
  }
done

maintainer=${MAINTAINER:-bridgeward developers <bridgeward@localhost>}
version=$(sed -n 's/.*current = "\(.*\)".*/\1/p' "$here/../Sources/bridgeward/Version.swift")
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022

GENERATOR=${GENERATOR:-$program} "$here/stage.sh" "$program" "$manual" "$root" /usr
mkdir -m 755 "$root/DEBIAN"
strip --strip-unneeded --remove-section=.comment "$root/usr/bin/bridgeward"
gzip -9n "$root"/usr/share/man/man1/*.1
documents=$root/usr/share/doc/bridgeward
install -D -m 644 "$here/debian/copyright" "$documents/copyright"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")/" \
  -e "s/@MAINTAINER@/$maintainer/" \
  "$here/debian/changelog" | gzip -9n >"$documents/changelog.gz"

# The libraries that the program is linked to, with the versions whose symbols it uses.
mkdir -p "$work/shlibs/debian"
cp "$here/debian/control" "$work/shlibs/debian/control"
depends=$(cd "$work/shlibs" && dpkg-shlibdeps -O "$root/usr/bin/bridgeward" |
  sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || {
  echo "deb: dpkg-shlibdeps found no libraries" >&2
  exit 3
}

size=$(du -k -s --apparent-size "$root" | cut -f 1)
# The paragraph of the package, without that of the source.
sed -n '/^Package:/,$p' "$here/debian/control" |
  sed -e "s/\${shlibs:Depends}/$depends/" -e '/\${misc:Depends}/d' \
    -e "s/^Architecture:.*/Version: $version\nArchitecture: $architecture\nInstalled-Size: $size/" \
    -e "/^Package:/a Maintainer: $maintainer" \
    >"$root/DEBIAN/control"
for script in postinst prerm postrm; do
  install -m 755 "$here/debian/$script" "$root/DEBIAN/$script"
done
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) \
  >"$root/DEBIAN/md5sums"
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

package=$output/bridgeward_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
