#!/bin/sh
# Fails where compiling takes more instructions than it did when Tests/InstructionCounts/recorded
# was written: counts repeat where milliseconds do not. UPDATE_COUNTS=1 writes the file anew, and
# fails, so that nobody takes an update for a passed test.
#
# valgrind counts, for the counters of the processor are missing in most virtual machines, and the
# debug build is counted, for it is there: its counts are higher than a release build's, and grow
# with them.
set -u
cd "$(dirname "$0")/../.." || exit 3
recorded=Tests/InstructionCounts/recorded
# In percent.
tolerance=10
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# valgrind does not understand all of the debug information, and does not need it.
strip --strip-debug -o "$work/bridgeward" .build/debug/bridgeward || exit 3
# The order of what is hashed would be another in every run.
export SWIFT_DETERMINISTIC_HASHING=1

# count PUBLISHES TARGET: the instructions of compiling that many published ports.
count() {
  awk -v n="$1" -f Benchmarks/publishes.awk >"$work/policy.ward"
  # The policy's name is the same everywhere: it stands in the output.
  (
    cd "$work" &&
      valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file=log \
        ./bridgeward compile --target "$2" policy.ward >output 2>/dev/null
  ) || return 1
  [ -s "$work/output" ] && sed -n 's/,//g; s/.*I *refs: *//p' "$work/log"
}

passed=0
failed=0
: >"$work/counts"
# judge TARGET PUBLISHES: compares a count with the recorded one.
judge() {
  found=$(count "$2" "$1")
  before=$(awk -v target="$1" -v n="$2" '$1 == target && $2 == n { print $3 }' "$recorded")
  echo "$1 $2 ${found:-0}" >>"$work/counts"
  if [ -z "$found" ] || [ -z "$before" ]; then
    verdict="no count"
  else
    verdict=$(awk -v found="$found" -v before="$before" -v tolerance=$tolerance 'BEGIN {
      change = (found / before - 1) * 100
      printf "%+.1f %%%s", change, (change > tolerance ? ", more than the tolerance" : "")
    }')
  fi
  case $verdict in
  *count | *tolerance)
    failed=$((failed + 1))
    verdict="$verdict: FAILED"
    ;;
  *) passed=$((passed + 1)) ;;
  esac
  printf '%-10s %6d publishes: %13s instructions, recorded %13s, %s\n' \
    "$1" "$2" "${found:-none}" "${before:-none}" "$verdict"
}

for target in nft iptables; do
  for publishes in 1000 10000; do judge $target $publishes; done
done
if [ -n "${UPDATE_COUNTS:-}" ]; then
  cp "$work/counts" "$recorded"
  failed=$((failed + 1))
  echo "wrote $recorded"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
