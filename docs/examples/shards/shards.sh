#!/bin/sh
# Runs build/shop_test in four shards. Each may as well run on a machine of its own.
set -eu

# The first time there are no durations: the suite is cut by count.
test -f durations.tsv || isolite history merge durations.tsv

rm -rf records
failed=0
for index in 0 1 2 3; do
    ISOLITE_LEDGER=$PWD/records/$index \
        build/shop_test --workers=auto --shard=$index/4 --history=durations.tsv || failed=1
    isolite history export measured-$index.tsv
done

isolite report --exit-code --merge records/* || failed=1
isolite history merge durations.tsv durations.tsv measured-*.tsv
exit $failed
