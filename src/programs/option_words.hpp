#pragma once

#include <set>
#include <string>
#include <vector>

namespace isolite::programs {

/// Options of a framework, with their dashes.
struct named_options {
    std::set<std::string> alone;      ///< which have a value behind `=` or none
    std::set<std::string> with_value; ///< behind `=`, or in the next word
};

/// Says which words in front of a lone `--` are such options, or values of them.
/// Shape: as many as the words.
[[nodiscard]] std::vector<bool> options_among(const std::vector<std::string>& words,
                                              const named_options& options);

} // namespace isolite::programs
