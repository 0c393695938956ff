#pragma once

#include "results/test_case.hpp"
#include "verify/finding.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace isolite::verify {

/// Returns the name of a case as people may read it.
[[nodiscard]] std::string name_of(std::size_t position,
                                  const std::vector<results::test_case>& cases);

/// Returns names as "a", "a and b" or "a, b twice and c". Of many, the last ones: they are nearest.
[[nodiscard]] std::string names_of(const std::vector<std::size_t>& positions,
                                   const std::vector<results::test_case>& cases);

/// Returns what a case leaves behind: it reads after its name.
[[nodiscard]] std::string all_traces(const std::vector<trace>& traces);

/// Returns the sentence about a finding: "orders/total fails after customers/import, which sets the
/// variable SHOP". Without an end.
[[nodiscard]] std::string sentence_of(const finding& found, const verification& all,
                                      const std::vector<results::test_case>& cases);

} // namespace isolite::verify
