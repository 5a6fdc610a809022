#!/bin/bash
# sanitize.sh [PATTERN]: runs the tests under AddressSanitizer and ThreadSanitizer, target by target,
# or those whose name matches; then looks for leaks after 1 000 changes by one process. SANITIZERS
# names some of "address thread leaks"; LIMIT is how many seconds a target may take.
# Everything is optimized, as it is shipped: without that the tests of packets and of live hosts take
# hours. Prints a line for each, and what is left out and why (left-out.txt); ends with one line,
# "N passed, N failed". A target whose tests fail, that a sanitizer reports anything of, or that takes
# too long has failed, and the next one is run. Every process writes its report to a file of its own,
# the programs that tests start included.
set -u
cd "$(dirname "$0")/../.." || exit 3
pattern=${1:-.}
limit=${LIMIT:-3600}
here=$PWD/Tests/Sanitizers
reports=$PWD/.build/sanitizers
swift=${SWIFT:-swift}
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
passed=0
failed=0

# gold does not link the sanitizers' sections; lld does.
settings=(-c release -Xswiftc -enable-testing -Xswiftc -use-ld=lld)

# build SANITIZER
build() {
  echo "== building with the $1 sanitizer"
  nice "$swift" build "${settings[@]}" --build-tests --quiet --sanitize="$1" \
    --scratch-path ".build/$1" && return
  echo "== building with the $1 sanitizer: FAILED"
  failed=$((failed + 1))
  return 1
}

# run SANITIZER TITLE TARGET [FILTER]: the tests of the target, in a build that is there. The title
# begins with what is looked for: address, thread or leaks.
run() {
  local log=$reports/$2.log found tests bad result=clean started=$SECONDS skips=()
  local kind tests_out reason
  while read -r kind tests_out reason; do
    [[ $kind = "${2%%-*}" && $tests_out = "$3."* ]] || continue
    skips+=(--skip "^$tests_out")
    echo "$kind: $tests_out is left out: $reason"
  done <"$here/left-out.txt"
  rm -f "$reports/$2".report.*
  # Tests ask for more memory than there is, and want to be told so.
  local common="log_path=$reports/$2.report:allocator_may_return_null=1"
  ASAN_OPTIONS="$common:detect_leaks=${LEAKS:-0}:quarantine_size_mb=${QUARANTINE:-64}" \
    LSAN_OPTIONS="suppressions=$here/leaks.txt:print_suppressions=0" \
    TSAN_OPTIONS="$common:suppressions=$here/thread.txt:print_suppressions=0:die_after_fork=0" \
    timeout -s INT -k 30 "$limit" "$swift" test "${settings[@]}" --skip-build --ignore-lock \
    --sanitize="$1" --scratch-path ".build/$1" --filter "^$3\\.${4:-}" \
    ${skips[@]+"${skips[@]}"} >"$log" 2>&1
  local status=$?
  tests=$(grep -a -oE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+')
  bad=$(grep -a -cE '^✘ Test (".*"|[^ ]+\(.*\))( with [0-9]+ test cases?)? failed after' "$log")
  # That there is not so much memory, or no /proc, is an answer to what a test asks.
  found=$(find "$reports" -name "$2.report.*" -exec \
    grep -lavE 'WARNING: ([A-Za-z]+ failed to allocate|reading executable name failed)' {} + \
    | wc -l)
  if [ "$status" -ne 0 ] || [ "$found" -gt 0 ] || [ "${tests:-0}" -eq 0 ]; then
    [ "$bad" -gt 0 ] || bad=1
    result="FAILED: exit code $status, $found reports, see $log"
    # 137: it had to be killed.
    [[ $status != 124 && $status != 137 ]] || result="FAILED: not done after $limit s, see $log"
  fi
  tests=${tests:-0}
  failed=$((failed + bad))
  passed=$((passed + (tests > bad ? tests - bad : 0)))
  printf '%-8s %-24s %6s tests %6s s  %s\n' "$1" "${2#*-}" "$tests" \
    "$((SECONDS - started))" "$result" | tee -a "$reports/results.txt"
}

mkdir -p "$reports"
for sanitizer in ${SANITIZERS:-address thread leaks}; do
  if [ "$sanitizer" = leaks ]; then
    build address || continue
    SOAK_APPLIES=${APPLIES:-1000} LEAKS=1 QUARANTINE=1 \
      run address "leaks-EnduranceTests" LiveTests EnduranceTests
    continue
  fi
  build "$sanitizer" || continue
  for target in $targets $late; do
    grep -qE "$pattern" <<<"$target" || continue
    run "$sanitizer" "$sanitizer-$target" "$target"
  done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
