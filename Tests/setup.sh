#!/bin/sh
# Installs what the tests and the demo need on Debian and its kin, if anything of it is missing, and
# the packages that are named.
set -eu

packages="nftables iptables iproute2 ebtables conntrack dnsmasq-base udhcpc isc-dhcp-client \
  iputils-ping libnftnl-dev libmnl-dev jq python3 python3-venv util-linux strace systemd \
  dpkg-dev binutils mandoc valgrind $*"

if ! command -v swift >/dev/null; then
  echo "setup: Swift 6.3 is needed, see https://www.swift.org/install" >&2
  exit 3
fi
if ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system; these have to be there: $packages" >&2
  exit 0
fi

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "setup: installing$missing" >&2
become=""
[ "$(id -u)" = 0 ] || become=sudo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# The names are words to split.
# shellcheck disable=SC2086
if ! { $become apt-get update -qq && $become apt-get install -y -qq --no-install-recommends \
  $missing; } >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "setup: could not install$missing" >&2
  exit 3
fi
