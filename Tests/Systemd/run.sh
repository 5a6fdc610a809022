#!/bin/bash
# Starts the units as a machine does: systemd as the first process of a small Debian in namespaces of
# its own, booted, shut down and booted again.
#
#   run.sh [ROOT]
#
# ROOT is a root directory with everything installed, such as debian.sh makes; it is copied, not
# changed. Without one, it is made of what is installed here and of the program in .build/debug. ONLY
# names one scenario.
set -u

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../.build
if [ "$(id -u)" != 0 ]; then exec sudo "$0" "$@"; fi
if [ -z "${BOOT_TEST_WORK:-}" ]; then
  BOOT_TEST_WORK=$(mktemp -d)
  export BOOT_TEST_WORK
  trap 'rmdir "$BOOT_TEST_WORK"' EXIT
  # Mounts of ours are to be seen by nobody else, and to go with us.
  unshare --mount --propagation private "$0" "$@"
  exit
fi
work=$BOOT_TEST_WORK
mount -t tmpfs -o size=1g,mode=700 bridgeward-test "$work"
base=${1:-$work/base}
if [ $# = 0 ]; then
  "$here/root.sh" "$base" "$build/debug/bridgeward" || exit 3
fi
. "$here/machine.sh"
. "$here/scenarios.sh"
[ ! -e "$base/var/lib/dpkg/info/bridgeward.list" ] || . "$here/package-scenarios.sh"
trap pull_the_plug EXIT

passed=0
failed=0
for scenario in $(declare -F | sed -n 's/^declare -f scenario_//p'); do
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "$scenario" ] || continue
  started=$(date +%s%N)
  # Not as a condition: set -e has no effect in one.
  (set -e; new_disk; prepare; "scenario_$scenario"; halt) >"$work/log" 2>&1
  if [ $? = 0 ]; then
    passed=$((passed + 1))
    result=ok
  else
    failed=$((failed + 1))
    result=FAILED
    cat "$work/log"
    [ ! -s "$work/machine" ] || machine=$(cat "$work/machine")
    inside journalctl --no-pager -b 2>/dev/null | grep -v udev | tail -n 40
  fi
  [ ! -s "$work/machine" ] || machine=$(cat "$work/machine")
  pull_the_plug
  echo "$scenario: $result, $((($(date +%s%N) - started) / 1000000)) ms"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
