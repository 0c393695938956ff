#pragma once

#include <isolite/error.hpp>

#include <cstddef>

namespace isolite {

/// Names the static part of a suite that this process should run: part `index` of `total`.
///
/// A shard is agreed upon before the suite starts, for several machines or for several tests of a
/// build system. It says nothing about who else runs on this host: for that see `worker::slot`.
struct shard {
    /// Shape: counts from 0 and is smaller than `total`.
    unsigned index = 0;
    /// Shape: at least 1; 1 is the whole suite.
    unsigned total = 1;

    /// Says whether the test case at `position` belongs to this shard of a suite cut by count.
    ///
    /// Requires: `total` > 0, and positions that are the same in every shard.
    [[nodiscard]] bool contains(std::size_t position) const { return position % total == index; }

    /// Reads the shard from the environment; the whole suite if none of the pairs is set.
    ///
    /// Pairs, the first that is set wins: ISOLITE_SHARD_INDEX and ISOLITE_TOTAL_SHARDS;
    /// TEST_SHARD_INDEX and TEST_TOTAL_SHARDS (Bazel: the file TEST_SHARD_STATUS_FILE is touched,
    /// which tells Bazel that sharding is supported); GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS.
    ///
    /// The variables of CI services are not read on purpose: a job that sets them for another
    /// reason would silently run a part of the suite. Map them where the suite is started, e.g.
    /// --shard=$((CI_NODE_INDEX - 1))/$CI_NODE_TOTAL on GitLab, which counts from 1. The option
    /// is not read here: `worker::current` tells of it.
    ///
    /// Errors: `errc::environment` for a variable that is malformed or lacks its other half;
    ///   `errc::system` if the status file cannot be touched.
    [[nodiscard]] ISOLITE_API static result<shard> detect();
};

} // namespace isolite
