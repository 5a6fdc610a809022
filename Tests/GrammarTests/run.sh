#!/bin/sh
# Proves that Grammar/ward.lark and the parser describe one language. The Python packages go into
# .build/grammar-venv.
set -eu
cd "$(dirname "$0")/../.."

venv=.build/grammar-venv
requirements=Tests/GrammarTests/requirements.txt
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi

# Other tests hold the lock for minutes, and what they were built with is built already.
"${SWIFT:-swift}" build --quiet --ignore-lock --product SyntaxProbe
PYTHONDONTWRITEBYTECODE=1 HYPOTHESIS_STORAGE_DIRECTORY=.build/hypothesis \
  "$venv/bin/python" -u Tests/GrammarTests/conformance.py Grammar/ward.lark .build/debug/SyntaxProbe "$@"
