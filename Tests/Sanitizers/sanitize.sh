#!/bin/bash
# sanitize.sh [PATTERN]: runs the tests under AddressSanitizer and ThreadSanitizer, target by target,
# or those whose name matches; then looks for leaks after 1 000 changes by one process. SANITIZERS
# names some of "address thread leaks"; LIMIT is how many seconds a target may take.
# Prints a line for each, and fails where a test fails or a sanitizer reports anything: every process
# writes its report to a file of its own, the programs that tests start included.
set -u
cd "$(dirname "$0")/../.." || exit 3
pattern=${1:-.}
limit=${LIMIT:-3600}
here=$PWD/Tests/Sanitizers
reports=$PWD/.build/sanitizers
# Those that ask the kernel most come last.
late="NetlinkBackendTests IptablesLiveTests DiagnosisTests LiveTests PacketTests"
# These read the repository, or what other builds have made; nothing of ours runs in them.
out="ArchitectureTests PackagingTests"
targets=$(for folder in Tests/*Tests; do
  name=${folder#Tests/}
  [ -n "$(find "$folder" -name '*.swift' -print -quit)" ] || continue
  case " $late $out " in *" $name "*) ;; *) echo "$name" ;; esac
done)

# The backtrace of Swift would come first. What lives at the end of a process is no leak.
export SWIFT_BACKTRACE=enable=no
failed=0

# build SANITIZER: gold does not link the sanitizers' sections; lld does.
build() {
  echo "== building with the $1 sanitizer"
  nice "${SWIFT:-swift}" build --build-tests --quiet --sanitize="$1" --scratch-path ".build/$1" \
    -Xswiftc -use-ld=lld || exit 3
}

# run SANITIZER TITLE FILTER: the tests that the filter names, in a build that is there.
run() {
  local log=$reports/$2.log found tests result=clean started=$SECONDS
  rm -f "$reports/$2".report.*
  local common="log_path=$reports/$2.report"
  ASAN_OPTIONS="$common:detect_leaks=${LEAKS:-0}:quarantine_size_mb=${QUARANTINE:-64}" \
    LSAN_OPTIONS="suppressions=$here/leaks.txt:print_suppressions=0" \
    TSAN_OPTIONS="$common:suppressions=$here/thread.txt:print_suppressions=0" \
    timeout "$limit" "${SWIFT:-swift}" test --skip-build --sanitize="$1" \
    --scratch-path ".build/$1" -Xswiftc -use-ld=lld --filter "$3" >"$log" 2>&1
  local status=$?
  tests=$(grep -a -oE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+')
  found=$(find "$reports" -name "$2.report.*" -size +0 | wc -l)
  if [ "$status" -ne 0 ] || [ "$found" -gt 0 ] || [ "${tests:-0}" -eq 0 ]; then
    failed=1
    result="FAILED: exit code $status, $found reports, see $log"
  fi
  printf '%-8s %-24s %6s tests %6s s  %s\n' "$1" "${2#*-}" "${tests:-0}" \
    "$((SECONDS - started))" "$result"
}

mkdir -p "$reports"
for sanitizer in ${SANITIZERS:-address thread leaks}; do
  if [ "$sanitizer" = leaks ]; then
    build address
    SOAK_APPLIES=1000 LEAKS=1 QUARANTINE=1 run address "leaks-EnduranceTests" EnduranceTests
    continue
  fi
  build "$sanitizer"
  for target in $targets $late; do
    grep -qE "$pattern" <<<"$target" || continue
    run "$sanitizer" "$sanitizer-$target" "^$target\\."
  done
done
exit "$failed"
