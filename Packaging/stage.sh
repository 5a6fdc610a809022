#!/bin/sh
# Puts everything that is installed below a directory: what `make install` and the Debian package do.
#
#   stage.sh PROGRAM MANUAL DESTDIR PREFIX
#
# PROGRAM is the built program, MANUAL the directory of its manual pages. GENERATOR, if set, is what
# completions are taken from, where PROGRAM itself cannot run here.
set -eu

program=$1
manual=$2
destination=$3
prefix=$4
generator=${GENERATOR:-$program}
here=$(dirname "$0")
root=$destination$prefix

install -D -m 755 "$program" "$root/bin/bridgeward"

install -d "$root/share/man/man1"
install -m 644 "$manual"/*.1 "$root/share/man/man1"

# complete SHELL FILE: what the program itself says about its arguments.
complete() {
  install -d "$(dirname "$root/share/$2")"
  # They are read by a shell, not run: a #! line would mislead.
  "$generator" --generate-completion-script "$1" | sed '1{/^#!/d}' >"$root/share/$2"
  chmod 644 "$root/share/$2"
}
complete bash bash-completion/completions/bridgeward
complete zsh zsh/site-functions/_bridgeward
complete fish fish/vendor_completions.d/bridgeward.fish

install -d "$root/lib/systemd/system"
for unit in bridgeward-boot.service bridgeward.service; do
  sed "s|/usr/bin/|$prefix/bin/|" "$here/systemd/$unit" >"$root/lib/systemd/system/$unit"
  chmod 644 "$root/lib/systemd/system/$unit"
done
install -D -m 644 "$here/systemd/nftables.conf" \
  "$root/lib/systemd/system/nftables.service.d/bridgeward.conf"
install -D -m 644 "$here/systemd/bridgeward.tmpfiles" "$root/lib/tmpfiles.d/bridgeward.conf"

# What is written about it: README, the pages that it leads to, and the examples.
documents=$root/share/doc/bridgeward
sources=$here/..
(cd "$sources" && find README.md CHANGELOG.md CONTRIBUTING.md LICENSE Docs Examples Grammar/ward.lark -type f) |
  LC_ALL=C sort | while IFS= read -r page; do
  install -D -m 644 "$sources/$page" "$documents/$page"
done

# Here are the policies that the units apply.
install -d -m 755 "$destination/etc/bridgeward"
