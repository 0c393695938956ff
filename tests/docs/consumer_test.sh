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

mkdir "$scratch/docs/consumer/subprojects"
ln -s "$source" "$scratch/docs/consumer/subprojects/isolite"
"$meson" setup "$scratch/subproject" "$scratch/docs/consumer" --force-fallback-for=isolite-boost-test
if ! grep -q 'isolite-boost-test' "$scratch/subproject/build.ninja"; then
    echo "cannot find isolite as a subproject" >&2
    exit 1
fi
echo "consumer: configured with isolite as a subproject"
