#!/usr/bin/env bash
# Installs isolite into a scratch directory, runs its command, and builds the first examples against
# it as a stranger would: with pkg-config and nothing of the source tree but the examples' own text.
# usage: consumer_test.sh MESON BUILD_DIRECTORY EXAMPLES_DIRECTORY CXX...
set -euo pipefail

meson=$1 build=$2 examples=$3
shift 3
compiler=("$@")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$meson" install -C "$build" --no-rebuild --quiet --destdir "$scratch/root"
pkgconfig=$(dirname "$(find "$scratch/root" -name isolite.pc)")
libraries=$(dirname "$pkgconfig")
# The prefix that pkg-config sees is the one below the scratch directory.
export PKG_CONFIG_PATH=$pkgconfig
prefix=$scratch/root$(pkg-config --variable=prefix isolite)
own_sqlite=$("${compiler[@]}" -print-file-name=libsqlite3.a)
[[ -e $own_sqlite ]] || own_sqlite=

# The second program hides a SQLite of its own from isolite, and so must not start.
consume() {
    local package=$1 source=$2 refused status=0
    refused='cannot use two SQLites in one process: the tests call '
    read -r -a flags <<<"$(pkg-config --define-variable=prefix="$prefix" --cflags "$package")"
    "${compiler[@]}" -std=c++17 -c "$examples/$source" -o "$scratch/program.o" "${flags[@]}"
    read -r -a flags <<<"$(pkg-config --define-variable=prefix="$prefix" --libs "$package")"
    "${compiler[@]}" "$scratch/program.o" -o "$scratch/program" "${flags[@]}" -pthread
    LD_LIBRARY_PATH=$libraries "$scratch/program"
    echo "$package: built and run"
    if [[ -n $own_sqlite ]]; then
        "${compiler[@]}" -o "$scratch/program" -Wl,--exclude-libs,libsqlite3.a \
            "$scratch/program.o" "$own_sqlite" "${flags[@]}" -pthread -lm
        LD_LIBRARY_PATH=$libraries "$scratch/program" >"$scratch/said" 2>&1 || status=$?
        if ((status == 0)) || ! grep -q "$refused" "$scratch/said"; then
            cat "$scratch/said"
            echo "$package: a program with another SQLite has started, and ended with $status" >&2
            exit 1
        fi
        echo "$package: does not start with another SQLite, status $status"
    fi
}

consume isolite no_framework.cpp
consume isolite plain.cpp
consume isolite-boost-test boost_test.cpp
consume isolite-doctest doctest.cpp
if [[ -e $build/src/libisolite-gtest.a ]]; then
    consume isolite-gtest gtest.cpp
fi
# Built where Catch2 is found.
if [[ -e $pkgconfig/isolite-catch2.pc ]]; then
    consume isolite-catch2 catch2.cpp
fi

# Built where CLI11 is found.
if [[ -e $build/src/cli/isolite ]]; then
    "$(find "$scratch/root" -path '*/bin/isolite')" --version | grep '^isolite [0-9.]*, SQLite '
fi

if find "$scratch/root" -name '*.hpp' -path '*isolite*' | grep -qE 'store|kept_statements'; then
    echo "cannot accept the installation: it has headers of the inner floors" >&2
    exit 1
fi
