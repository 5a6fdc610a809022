#!/bin/bash
# fuzz.sh SECONDS [TARGET]: runs libFuzzer under AddressSanitizer for so long on each target, or on
# one; prints what was executed, and fails where an input breaks something, which is kept.
set -u
cd "$(dirname "$0")/../.." || exit 3
seconds=$1
targets=${2:-$(sed -n 's/^  case \([a-z]*\)\( = "\(.*\)"\)\{0,1\}$/\1 \3/p' \
  Tests/FuzzTargets/FuzzTarget.swift | awk '{print $NF}')}
seeds=.build/fuzz-seeds
found=.build/fuzz-corpus
crashes=.build/fuzz-crashes
program=.build/fuzz/release/Fuzz

echo "== building with AddressSanitizer"
# gold does not link the sanitizer's sections; lld does.
BRIDGEWARD_FUZZ=1 "${SWIFT:-swift}" build --quiet -c release --scratch-path .build/fuzz \
  --product Fuzz -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld || exit 3
echo "== seeds"
Tests/Fuzz/seeds.sh "$PWD/$seeds" || exit 3

# Some targets write files, which no disk need keep.
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm
failed=0
printf '%-14s %12s %8s %8s  %s\n' target executions seconds edges result
for target in $targets; do
  mkdir -p "$found/$target" "$crashes/$target"
  log=$crashes/$target.log
  started=$SECONDS
  # The backtrace of Swift would wait for a debugger; libFuzzer shows its own.
  FUZZ=$target SWIFT_BACKTRACE=enable=no "$program" -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=3000 -max_len=12000 -print_final_stats=1 -verbosity=1 \
    -dict="$seeds/$target.dict" -artifact_prefix="$crashes/$target/" \
    "$found/$target" "$seeds/$target" >"$log" 2>&1
  status=$?
  executions=$(grep -a -o 'number_of_executed_units: [0-9]*' "$log" | grep -o '[0-9]*$')
  edges=$(grep -a -o ' cov: [0-9]*' "$log" | tail -n 1 | grep -o '[0-9]*$')
  result=clean
  if [ "$status" -ne 0 ]; then
    failed=1
    result="FAILED: $(grep -a -m 1 -E '^broken law|ERROR: (Address|lib)' "$log"), see $log"
  fi
  printf '%-14s %12s %8s %8s  %s\n' "$target" "${executions:-0}" "$((SECONDS - started))" \
    "${edges:-0}" "$result"
done
[ "$failed" -eq 0 ] || echo "inputs that fail are in $crashes; see Docs/Fuzzing.md"
exit "$failed"
