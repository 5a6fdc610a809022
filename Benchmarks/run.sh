#!/bin/bash
# Measures the compiler, apply and diff against floors written in C, and against other tools that
# are installed.
#
#   Benchmarks/run.sh [ROUNDS]     7 rounds by default; one round runs every command once
#
# Prints a table, writes .build/bench.json, and fails where a ratio is worse than it may be.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-7}
work=.build/bench
tool=.build/release/bridgeward

if [ "${2:-}" != inside ]; then
  ${SWIFT:-swift} build -c release --static-swift-stdlib --product bridgeward
  mkdir -p $work
  ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -o $work/floor Benchmarks/Floor/floor.c
  ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -o $work/measure Benchmarks/Floor/measure.c
  ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -o $work/batch Benchmarks/Floor/batch.c
  if [ "$(id -u)" != 0 ]; then
    echo 'bench: rules are loaded and read back by root only: compiling alone is measured' >&2
    exec unshare --user --map-root-user --net "$0" "$rounds" inside
  fi
  # What is loaded stays in a namespace that goes with the run.
  namespace=bridgeward-bench-$$
  ip netns add $namespace
  trap 'ip netns del $namespace' EXIT
  ip netns exec $namespace "$0" "$rounds" inside live
  exit
fi

sizes="100 1000 10000 100000"
networks="100 1000"
flow_sizes="1000 10000"
for n in $sizes; do
  policy=$work/publishes-$n.ward
  awk -v n="$n" -f Benchmarks/publishes.awk >"$policy"
  $tool compile --target nft "$policy" >"$work/publishes-$n.nft" 2>/dev/null
  $tool compile --target iptables "$policy" >"$work/publishes-$n.iptables" 2>/dev/null
  # The floor counts only if it prints what we print.
  $work/floor "$policy" >"$work/floor.nft"
  if ! grep -P '^\t\t\t(tcp|udp) \. ' "$work/publishes-$n.nft" | cmp -s - "$work/floor.nft"; then
    echo "bench: the floor prints other elements than the compiler for $policy" >&2
    exit 1
  fi
done
for n in $networks; do
  awk -v n="$n" -f Benchmarks/networks.awk >"$work/networks-$n.ward"
done
# Each port leads to another one inside: what is compared differs in every publish.
for n in $flow_sizes; do
  sed -E 's/-> c([0-9]+):([0-9]+)$/-> c\1:2\2/' "$work/publishes-$n.ward" \
    >"$work/other-$n.ward"
done
printf 'language 1\n' >$work/empty.ward

# measure ROW SIZE COMMAND…: one line of the record.
measure() {
  local row=$1 size=$2
  shift 2
  printf '%s\t%s\t%s\n' "$row" "$size" "$($work/measure "$@")"
}

live_sizes=
if [ "${3:-}" = live ]; then
  live_sizes='100 100000'
  . Benchmarks/live.sh
fi

round() {
  measure floor 0 $work/floor $work/empty.ward
  measure version 0 $tool --version
  measure nft-version 0 nft --version
  measure check 0 $tool check $work/empty.ward
  for n in $sizes; do
    local stem=$work/publishes-$n
    measure floor "$n" $work/floor "$stem.ward"
    measure nft "$n" $tool compile --target nft "$stem.ward"
    measure iptables "$n" $tool compile --target iptables "$stem.ward"
    measure trace "$n" $tool trace "$stem.ward" 'world -> host tcp 1024'
    measure nft-check "$n" nft -c -f "$stem.nft"
    measure iptables-test "$n" iptables-nft-restore --test "$stem.iptables"
  done
  for n in $networks; do
    measure networks "$n" $tool compile --target nft "$work/networks-$n.ward"
  done
  for n in $flow_sizes; do
    measure exposure "$n" $tool exposure "$work/publishes-$n.ward"
    measure flows "$n" sh -c '"$0" diff --flows "$1" "$2"; [ $? = 1 ]' \
      $tool "$work/publishes-$n.ward" "$work/other-$n.ward"
  done
  for n in $live_sizes; do live_round "$n"; done
}

: >$work/record.tsv
for ((i = 1; i <= rounds; i++)); do
  [ ! -t 2 ] || printf 'round %d of %d\r' "$i" "$rounds" >&2
  round >>$work/record.tsv
done
python3 Benchmarks/report.py $work/record.tsv .build/bench.json
