#!/bin/bash
# Runs every check and ends with one line: "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 3
swift=${SWIFT:-swift}
mkdir -p .build
counts=.build/test.counts
: >"$counts"

# tally PASSED FAILED: every part of the run adds a line.
tally() { echo "$1 $2" >>"$counts"; }

# step TITLE COMMAND…: one check that passes or fails as a whole.
step() {
  local title=$1
  shift
  echo "== $title"
  if "$@"; then tally 1 0; else
    tally 0 1
    echo "== $title: FAILED"
  fi
}

# told LOG: what Swift Testing says but for what starts and passes, which may take several lines.
told() {
  awk '
    /^(◇|✔)/ { quiet = 1 }
    quiet { if (/ (started|ended)\.$| after [0-9.]+ seconds\.$/) quiet = 0; next }
    /^(✘|↳|==)/ || !/^(\[|Test Suite|\t Executed 0 tests)/
  ' "$1" | grep -vE '^↳ (Testing Library|Target Platform)'
}

# swift_tests NAME OPTION…: counts the cases of Swift Testing's report (JUnit's form).
swift_tests() {
  local name=$1 log=.build/test-$1.log report=.build/$1-swift-testing.xml
  local status cases bad skipped
  shift
  rm -f ".build/$name.xml" "$report"
  # Others test what is built at the same time.
  "$swift" test --skip-build --ignore-lock --xunit-output ".build/$name.xml" "$@" >"$log" 2>&1
  status=$?
  told "$log"
  if [ ! -s "$report" ]; then
    tally 0 1
    tail -n 50 "$log"
    echo "== $name: FAILED without a report (exit code $status)"
    return
  fi
  cases=$(grep -c '<testcase ' "$report")
  bad=$(awk '/<testcase /{n += f; f = 0} /<failure/{f = 1} END{print n + f}' "$report")
  skipped=$(grep -c '<skipped' "$report")
  [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  [ "$skipped" -eq 0 ] || echo "== $skipped tests skipped"
  tally $((cases - bad - skipped)) "$bad"
  echo "== $name: $((cases - bad - skipped)) passed, $bad failed, after $SECONDS s"
}

# Suites that are no Swift: each prints "N passed, N failed" at its end.
script_suite() {
  local log status summary good bad
  log=.build/test-$(basename "$(dirname "$1")").log
  "$1" >"$log" 2>&1
  status=$?
  summary=$(grep -oE '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
  if [ -n "$summary" ]; then
    read -r good _ bad _ <<<"$summary"
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  else
    good=0
    bad=1
  fi
  tally "$good" "$bad"
  [ "$bad" -eq 0 ] || cat "$log"
  echo "== $1: ${summary:-no result, exit code $status}, after $SECONDS s"
}

script_suites() {
  for suite in Tests/*/run.sh; do
    [ -x "$suite" ] || continue
    script_suite "$suite"
  done
}

step "format" "$swift" format lint --strict --parallel --recursive Package.swift Sources Tests
step "build" "$swift" build --build-tests --quiet --explicit-target-dependency-import-check error

# Most of the time goes to packets that must not arrive, and to commands that are waited for: what
# needs namespaces runs in three processes beside the rest, which take about as long as each other.
echo "== tests, after $SECONDS s"
packets='^PacketTests\.'
live='^LiveTests\.'
waiting='^LiveTests\.(Confirm|Damage|IptablesFault|IptablesState|Surrounding)Tests'
hosts="^(IptablesLive|Diagnosis|Packaging|NetlinkBackend)Tests\\.|$waiting"
swift_tests packets --filter "$packets" >.build/test-packets.out &
swift_tests live --filter "$live" --skip "$waiting" >.build/test-live.out &
swift_tests hosts --filter "$hosts" >.build/test-hosts.out &
script_suites >.build/test-scripts.out &
swift_tests others --skip "$packets" --skip "$live" --skip "$hosts"
wait
cat .build/test-{packets,live,hosts,scripts}.out

# Once more at the end, where they are seen.
awk '/^✘ .* recorded an issue/ { told = 1; print; next } told = told && /^↳/' .build/test-*.log
read -r passed failed < <(awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }' "$counts")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
