#pragma once

#include "results/outcome.hpp"
#include "results/test_case.hpp"

#include <isolite/visibility.hpp>

#include <cstddef>
#include <vector>

namespace isolite::run {

/// Chooses what is tried again: each case that failed as often as the user wants it, and with it
/// what was skipped because it had failed.
class ISOLITE_API retries {
  public:
    /// Lifetime: `cases` outlives it.
    retries(const std::vector<results::test_case>& cases, unsigned most);

    /// Chooses the cases of the next round. Returns false when there is none.
    [[nodiscard]] bool choose(const std::vector<results::case_result>& results);

    /// Returns those of some cases that are chosen, in the same order.
    [[nodiscard]] std::vector<std::size_t> chosen_of(const std::vector<std::size_t>& some) const;

  private:
    [[nodiscard]] bool waits_for_chosen(std::size_t position) const;

    const std::vector<results::test_case>& cases_;
    std::vector<unsigned> left_; ///< by position: how often the case may still be tried again
    std::vector<bool> chosen_;   ///< by position
};

} // namespace isolite::run
