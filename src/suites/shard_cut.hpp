#pragma once

#include "results/past_runs.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace isolite::suites {

/// A case of a program, as far as it matters to which shard it belongs.
struct case_to_cut {
    std::string name; ///< as histories have it
    /// Cases of one group are in one shard. Shape: a number that no group before it has.
    std::size_t group;
};

/// A suite in shards: each case in exactly one. Whoever has the same cases, in the same order, and
/// the same history, has the same cut.
struct shard_cut {
    std::vector<case_to_cut> cases;
    std::vector<unsigned> shard_of; ///< by position
    /// How long each shard takes, as far as earlier runs tell. Empty: it was cut by count.
    std::vector<std::chrono::nanoseconds> loads;
    /// Tells cuts from each other: which case is in which shard. Shape: 16 hexadecimal digits.
    std::string fingerprint;
    /// By what only some of the cases are run. Shape: words of a command line, or "".
    std::string filters;

    [[nodiscard]] std::vector<bool> cases_in(unsigned shard) const;
};

/// Cuts a suite by the durations of its cases: the groups that take longest first, each into the
/// shard that has least to do; the first in the list, and the first shard, of equal ones. A case
/// without a duration counts as the median of the others. Where no case has one, the groups go
/// around: group N into the shard N % `total`. Cases of one name are in one shard.
[[nodiscard]] shard_cut cut_into_shards(std::vector<case_to_cut> cases, unsigned total,
                                        const results::shared_history& history);

} // namespace isolite::suites
