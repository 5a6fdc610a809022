#!/bin/sh
# The report of `make bench` on a recorded sample, and what other tools are given to do.
cd "$(dirname "$0")/../.." || exit 3
exec python3 Tests/Benchmarks/report_tests.py
