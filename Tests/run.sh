#!/bin/bash
# Runs every check and ends with one line: "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 3
swift=${SWIFT:-swift}
passed=0
failed=0
log=.build/test.log
mkdir -p .build

# step TITLE COMMAND…: one check that passes or fails as a whole.
step() {
  local title=$1
  shift
  echo "== $title"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "== $title: FAILED"
  fi
}

# Counts the cases of Swift Testing's report (JUnit's form).
swift_tests() {
  local report=.build/tests-swift-testing.xml status cases bad skipped
  rm -f .build/tests.xml "$report"
  "$swift" test --skip-build --xunit-output .build/tests.xml >"$log" 2>&1
  status=$?
  grep -vE '^(◇|✔|\[|Test Suite|↳ (Testing Library|Target Platform)|[[:space:]]+Executed 0 tests)' "$log"
  if [ ! -s "$report" ]; then
    failed=$((failed + 1))
    tail -n 50 "$log"
    echo "== tests: FAILED without a report (exit code $status)"
    return
  fi
  cases=$(grep -c '<testcase ' "$report")
  bad=$(awk '/<testcase /{n += f; f = 0} /<failure/{f = 1} END{print n + f}' "$report")
  skipped=$(grep -c '<skipped' "$report")
  [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  [ "$skipped" -eq 0 ] || echo "== $skipped tests skipped"
  passed=$((passed + cases - bad - skipped))
  failed=$((failed + bad))
}

# Suites that are no Swift: each prints "N passed, N failed" at its end.
script_suite() {
  local status counts
  "$1" >"$log" 2>&1
  status=$?
  counts=$(grep -oE '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
  if [ -n "$counts" ]; then
    read -r good _ bad _ <<<"$counts"
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + good))
    failed=$((failed + bad))
  else
    bad=1
    failed=$((failed + 1))
  fi
  [ "$bad" -eq 0 ] || cat "$log"
  echo "== $1: ${counts:-no result, exit code $status}"
}

step "format" "$swift" format lint --strict --parallel --recursive Package.swift Sources Tests
step "build" "$swift" build --build-tests --quiet --explicit-target-dependency-import-check error

echo "== tests"
swift_tests
for suite in Tests/*/run.sh; do
  [ -x "$suite" ] || continue
  echo "== $suite"
  script_suite "$suite"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
