#!/usr/bin/env bash
# Builds the Meson projects of docs/examples as a newcomer would: against an installed isolite, and
# with isolite as a subproject, which is only configured, because building it again takes a minute.
# usage: consumer_test.sh MESON BUILD_DIRECTORY SOURCE_DIRECTORY [OPTION...]
set -euo pipefail

meson=$1 build=$2 source=$3
shift 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/docs"
cp -r "$source"/docs/examples/{consumer,parallel} "$scratch/docs"

"$meson" install -C "$build" --no-rebuild --quiet --destdir "$scratch/root"
pkgconfig=$(dirname "$(find "$scratch/root" -name isolite.pc)")
# The prefix that pkg-config sees is the one below the scratch directory.
prefix=$(sed -n 's/^prefix=//p' "$pkgconfig/isolite.pc")
sed -i "s|^prefix=.*|prefix=$scratch/root$prefix|" "$pkgconfig"/*.pc
export PKG_CONFIG_PATH=$pkgconfig
LD_LIBRARY_PATH=$(dirname "$pkgconfig")
export LD_LIBRARY_PATH

# tests PROJECT NUMBER [OPTION...]: builds a project and expects so many tests, all of which pass.
tests() {
    local project=$1 number=$2
    shift 2
    if ! {
        "$meson" setup "$scratch/$project" "$scratch/docs/$project" "$@" &&
            "$meson" test -C "$scratch/$project" --num-processes 2
    } >"$scratch/log" 2>&1 || ! grep -q "^Ok: *$number *\$" "$scratch/log"; then
        cat "$scratch/log"
        exit 1
    fi
    echo "$project: $number tests pass"
}

tests consumer 1 "$@"
tests parallel 4 "$@"

# The same with CMake: Debian's static library stands for a SQLite that the project builds.
own_sqlite=$(c++ -print-file-name=libsqlite3.a)
if [[ -e $own_sqlite && $# == 0 ]] && command -v cmake >/dev/null; then
    mkdir "$scratch/cmake"
    cp "$source"/docs/examples/consumer/shop_test.cpp "$scratch/cmake"
    sed -e '/^target_include_directories(shop-sqlite/d' -e 's|^add_library(shop-sqlite.*|\
        add_library(shop-sqlite STATIC IMPORTED)\
        set_target_properties(shop-sqlite PROPERTIES\
            IMPORTED_LOCATION '"$own_sqlite"' INTERFACE_LINK_LIBRARIES m)|' \
        "$source/docs/examples/own_sqlite/CMakeLists.txt" >"$scratch/cmake/CMakeLists.txt"
    if ! {
        cmake -S "$scratch/cmake" -B "$scratch/cmake-build" -G Ninja \
            -DCMAKE_PREFIX_PATH="$scratch/root$prefix" &&
            cmake --build "$scratch/cmake-build" &&
            (cd "$scratch/cmake-build" && ctest --output-on-failure)
    } >"$scratch/log" 2>&1; then
        cat "$scratch/log"
        exit 1
    fi
    if ! grep 'T sqlite3_step$' <<<"$(nm -D "$scratch/cmake-build/shop_test")"; then
        echo "cannot find the SQLite of the project in the program that CMake has built" >&2
        exit 1
    fi
    echo "own_sqlite: built by CMake, with the SQLite of the project"
fi

mkdir "$scratch/docs/consumer/subprojects"
ln -s "$source" "$scratch/docs/consumer/subprojects/isolite"
"$meson" setup "$scratch/subproject" "$scratch/docs/consumer" --force-fallback-for=isolite-boost-test
if ! grep -q 'isolite-boost-test' "$scratch/subproject/build.ninja"; then
    echo "cannot find isolite as a subproject" >&2
    exit 1
fi
echo "consumer: configured with isolite as a subproject"

# A project that names its own SQLite: nothing of the system's may be linked beside it.
mkdir -p "$scratch/own/subprojects"
cp "$source"/docs/examples/own_sqlite/meson.build "$source"/docs/examples/consumer/shop_test.cpp \
    "$scratch/own"
touch "$scratch/own/sqlite3.c" "$scratch/own/sqlite3.h"
ln -s "$source" "$scratch/own/subprojects/isolite"
"$meson" setup "$scratch/own-build" "$scratch/own" --force-fallback-for=isolite-boost-test
linked=$(sed -n '/^build shop_test:/,/^$/p' "$scratch/own-build/build.ninja")
if ! grep -q 'libisolite\.a' <<<"$linked" || ! grep -q 'libshop-sqlite\.a' <<<"$linked" ||
    grep -qE 'libsqlite3|-lsqlite3' <<<"$linked"; then
    printf 'cannot link one SQLite, that of the project:\n%s\n' "$linked" >&2
    exit 1
fi
echo "own_sqlite: configured with isolite as a subproject, on the SQLite of the project"
