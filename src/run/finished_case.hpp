#pragma once

#include "ledger/told_list.hpp"
#include "results/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

namespace isolite::run {

/// How a case ended, as the entry of a journal that the events before it belong to.
struct finished_case_entry {
    std::size_t position = 0;
    std::uint64_t passes = 0;     ///< of the round, before that in which it ended
    results::case_result attempt; ///< what a worker knows of it, but for its events
    std::vector<records::told_fixture>
        fixtures; ///< that were entered in the ledger since the last entry

    template <typename Self>
    static auto fields(Self& self) {
        auto& said = self.attempt;
        return std::tie(self.position, self.passes, said.verdict, said.duration, said.fixtures,
                        said.why, said.death, said.timed_out, said.output, said.left_processes,
                        self.fixtures);
    }
};

} // namespace isolite::run
