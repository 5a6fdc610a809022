#!/bin/bash
# Measures the program against floors written in C and against other tools: what it takes to
# compile, to load, to compare and to read back rules, and what the rules take of packets.
#
#   make bench [ROUNDS=7] [QUICK=1]     QUICK leaves out other tools, but for nft -f
#
# Prints tables, writes .build/bench.json and .build/bench.svg, and fails where a ratio is worse
# than it may be. See Docs/Benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
export ROUNDS=${ROUNDS:-7} QUICK=${QUICK:-}
work=.build/bench
peers=.build/peers
tool=.build/release/bridgeward
resident=.build/release/Resident
starter=.build/start/release/StartFloor

prepare() {
  ${MAKE:-make} --silent build >&2
  ${MAKE:-make} --silent build PRODUCT=Resident >&2
  # From the library that the program has, in the sources that its build has fetched, and linked as it
  # is.
  # shellcheck disable=SC2086
  ${SWIFT:-swift} build -c release --quiet --static-swift-stdlib --package-path Benchmarks/Start \
    --scratch-path .build/start --product StartFloor -Xlinker -L"$PWD/.build/archives" \
    ${PACKED:-}
  mkdir -p $work
  local program
  for program in Floor/floor Floor/measure Floor/batch Path/path; do
    ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -o "$work/$(basename $program)" \
      Benchmarks/$program.c
  done
  : >$work/absent
  [ -n "$QUICK" ] || Benchmarks/Peers/fetch.sh $peers >$work/absent
  cat $work/absent >&2
}

if [ "${1:-}" != inside ]; then
  prepare
  if [ "$(id -u)" != 0 ]; then
    echo 'bench: rules are loaded and read back by root only: compiling alone is measured' >&2
    exec unshare --user --map-root-user --net "$0" inside
  fi
  # What is loaded stays in a namespace that goes with the run.
  namespace=bridgeward-bench-$$
  ip netns add $namespace
  trap 'ip netns del $namespace' EXIT
  ip netns exec $namespace "$0" inside live
  exit
fi

# leave: what is to be done at the end, however it comes.
leaving=()
leave() { for each in "${leaving[@]}"; do $each || :; done; }
trap leave EXIT

# measure ROW SIZE COMMAND…: one line of the record.
measure() {
  local row=$1 size=$2 cost
  shift 2
  cost=$($work/measure "$@")
  printf '%s\t%s\t%s\n' "$row" "$size" "$cost"
}

# again PREFIX SIZE COMMAND…: what a command says that it takes, where it does things many times in one
# process; a line of the record for each of them, its name behind the prefix.
again() {
  local lines
  lines=$("${@:3}")
  sed "s/^\([^\t]*\)/$1\1\t$2/" <<<"$lines"
}

# peer ROW SIZE COMMAND…: the same of another tool; one that fails is left out from then on.
declare -A failed
peer() {
  [ -z "$QUICK" ] && [ -z "${failed[$1]:-}" ] || return 0
  local cost
  if cost=$($work/measure "${@:3}"); then
    printf '%s\t%s\t%s\n' "$1" "$2" "$cost"
  else
    failed[$1]=1
    echo "# $1: left out, for it failed with $2"
  fi
}

# The largest sizes of slow tools are measured in every second round.
slow_round() { [ $((round % 2)) = 1 ]; }

stage() { echo "bench: ${SECONDS} s: $*" >&2; }

sizes="100 1000 10000 100000"
. Benchmarks/compile.sh
if [ "${2:-}" = live ]; then
  . Benchmarks/live.sh
  . Benchmarks/path.sh
fi

sed 's/^/# /' $work/absent >$work/record.tsv
for ((round = 1; round <= ROUNDS; round++)); do
  stage "round $round of $ROUNDS"
  compile_round >>$work/record.tsv
  [ "${2:-}" = live ] || continue
  live_round >>$work/record.tsv
  path_round >>$work/record.tsv
done
facts >>$work/record.tsv
stage "report"
python3 -B Benchmarks/report $work/record.tsv .build/bench.json .build/bench.svg
