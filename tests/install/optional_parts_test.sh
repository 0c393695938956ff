#!/usr/bin/env bash
# usage: optional_parts_test.sh LIBRARY
# SQLite can be built without some of its functions. Whoever has such a build must still be able to
# link the library, and to have leaks explained.
set -euo pipefail

symbols=$(nm -D --undefined-only "$1" | grep -v ' w ') # a weak one may be missing
if ! grep -q sqlite3_step <<<"$symbols"; then
    echo "no function of SQLite is used by $1: nothing was tested" >&2
    exit 1
fi
optional='sqlite3(session|changeset|changegroup|rebaser)|sqlite3_(preupdate|snapshot|normalized|unlock_notify|stmt_scanstatus|expired|mutex)'
if grep -E "$optional" <<<"$symbols"; then
    echo "$1 uses a function that SQLite may be built without" >&2
    exit 1
fi
