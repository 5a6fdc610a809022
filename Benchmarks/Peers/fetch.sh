#!/bin/bash
# Brings other compilers of rules below DIRECTORY, to be run from there: nothing is installed, and
# no package's scripts are run, for those start services and load rules.
#
#   fetch.sh DIRECTORY     prints a line for each one that cannot be had, and why
set -u
cd "$(dirname "$0")/../.." || exit 3
mkdir -p "$1/archives" || exit 3
peers=$(cd "$1" && pwd)
log=$peers/fetch.log
: >"$log"

# Debian's first release with foomuuri, for releases before.
later=trixie
keys=/usr/share/keyrings/debian-archive-keyring.gpg

# quietly SECONDS COMMAND…
quietly() { timeout "$@" >>"$log" 2>&1 </dev/null; }

# extract PACKAGE…: from the release that apt knows.
extract() {
  (
    cd "$peers/archives" && rm -f ./*.deb && quietly 120 apt-get download "$@" &&
      for archive in *.deb; do dpkg -x "$archive" "$peers/root" || exit; done
  ) 2>>"$log"
}

# missing PACKAGE…: those of them, and of what they need, that are not installed.
missing() {
  apt-get install -qq --no-install-recommends --print-uris "$@" 2>>"$log" |
    sed -nE "s/^'[^']*' ([^_]*)_.*/\1/p"
}

# extract_later PACKAGE: from the later release, with lists of its own.
extract_later() {
  [ -f $keys ] || return
  mkdir -p "$peers/lists/partial" "$peers/cache/archives/partial"
  echo "deb [signed-by=$keys] http://deb.debian.org/debian $later main" >"$peers/later.list"
  local options=(-o "Dir::Etc::sourcelist=$peers/later.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$peers/lists" -o "Dir::Cache=$peers/cache")
  (
    cd "$peers/archives" && rm -f ./*.deb && quietly 120 apt-get "${options[@]}" update &&
      quietly 120 apt-get "${options[@]}" download "$1" && dpkg -x ./*.deb "$peers/root"
  ) 2>>"$log"
}

why() { grep -v '^W:' "$log" | tail -n 1; }

if ! command -v apt-get >/dev/null; then
  echo "ferm, foomuuri: left out, for this is no Debian"
else
  [ -f "$peers/root/usr/sbin/ferm" ] || extract ferm ||
    echo "ferm: left out, for its package could not be had: $(why)"
  if [ ! -f "$peers/root/usr/sbin/foomuuri" ]; then
    needs=$(missing python3-dbus python3-gi python3-requests)
    # The names are words to split.
    # shellcheck disable=SC2086
    if ! { [ -z "$needs" ] || extract $needs; } ||
      ! { extract foomuuri || extract_later foomuuri; }; then
      rm -f "$peers/root/usr/sbin/foomuuri"
      echo "foomuuri: left out, for its package could not be had: $(why)"
    fi
  fi
fi
if [ ! -x "$peers/venv/bin/aclgen" ]; then
  { quietly 60 python3 -m venv "$peers/venv" &&
    quietly 120 "$peers/venv/bin/pip" install --quiet aerleon==1.18.0; } ||
    echo "aerleon: left out, for it did not install: $(why)"
fi
exit 0
