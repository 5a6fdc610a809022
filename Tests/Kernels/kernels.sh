#!/bin/bash
# Runs the tests that need a kernel on kernels of Debian's, each in a virtual machine.
#
#   kernels.sh [SUITE…]
#
# SUITE names a Debian: bookworm, trixie and so on, or one with backports. FILTER is a pattern of the
# tests to run and SKIP one of those to leave out; boot.sh says what else there is to choose. What is
# fetched and what comes out lies in .build/kernels.
set -u

here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
build=$checkout/.build
if [ $# = 0 ]; then set -- bullseye bookworm trixie; fi
# As Tests/run.sh has them: packets first, for the rest leaves less to the two routers.
filters=(
  '^PacketTests\.'
  '^(Live|IptablesLive|Diagnosis|NetlinkBackend|BackendParity)Tests\.|^GoldenTests\.LoadingTests'
)
if [ -n "${FILTER:-}" ]; then filters=("$FILTER"); fi

# What the virtual machine does.
job() {
  local number=0 filter
  for filter in "${filters[@]}"; do
    number=$((number + 1))
    printf '%q --testing-library swift-testing --filter %q --skip %q --xunit-output %q || status=1\n' \
      "$build/debug/bridgewardPackageTests.xctest" "$filter" "${SKIP:-^$}" "/run/result/$number.xml"
  done
  echo 'exit ${status:-0}'
}

# counted RESULT: "PASSED FAILED" of all reports.
counted() {
  awk '/<testcase /{n++} /<testcase /{bad += f; f = 0} /<failure/{f = 1}
    END {bad += f; print n - bad, bad + 0}' "$1"/*.xml
}

passed=0
failed=0
for suite in "$@"; do
  started=$SECONDS
  kernel=$build/kernels/$suite
  result=$build/kernels/results/$suite
  rm -rf "$result"
  mkdir -p "$result"
  good=0
  bad=1
  version="no kernel"
  if "$here/fetch.sh" "$suite" "$kernel" && "$here/initramfs.sh" "$kernel"; then
    version="Linux $(cat "$kernel/version")"
    job >"$result/job"
    "$here/boot.sh" "$kernel" "$result"
    if [ "$(ls "$result"/*.xml 2>/dev/null | wc -l)" = "${#filters[@]}" ]; then
      read -r good bad < <(counted "$result")
    fi
    # A run that ends badly is none that passed.
    [ "$bad" -gt 0 ] || [ "$(cat "$result/status" 2>/dev/null)" = 0 ] || bad=1
    [ "$bad" = 0 ] || grep -aE '✘|Fatal|error:' "$result/log"
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  echo "$suite, $version: $good passed, $bad failed, after $((SECONDS - started)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
