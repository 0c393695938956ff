#pragma once

#include "ledger/ledger.hpp"
#include "run/event.hpp"
#include "run/outcome.hpp"

#include <cstddef>
#include <vector>

namespace isolite::run {

/// How a case ended, as the entry of a journal that the events before it belong to.
struct finished_case_entry {
    /// Returns the entry of an attempt, without the attempt's events, and of the fixtures that were
    /// entered in the ledger since the last one.
    [[nodiscard]] static event of(std::size_t position, const case_result& attempt,
                                  const std::vector<told_fixture>& fixtures);

    /// Returns what an entry says. Requires: `of` made it.
    [[nodiscard]] static finished_case_entry read(const event& entry);

    std::size_t position;
    case_result attempt;
    std::vector<told_fixture> fixtures;
};

} // namespace isolite::run
