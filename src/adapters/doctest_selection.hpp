#pragma once

#include "results/test_case.hpp"

#include <string>
#include <vector>

namespace isolite::doc_test {

/// What a filter of doctest's can know of a registered test.
struct named_test {
    std::string name;
    std::string suite;
    std::string file;
    unsigned line = 0;
    bool is_skipped = false; ///< unless `--no-skip` is given
};

/// Returns those words of a command line by which doctest runs only some of the cases, or more than
/// usual.
[[nodiscard]] std::vector<std::string> filters_in(const std::vector<std::string>& command_line);

/// Returns those by which it runs only some of the subcases.
[[nodiscard]] std::vector<std::string> subcases_in(const std::vector<std::string>& command_line);

/// Returns the options by which doctest runs these of all its tests. Of equal names, which doctest
/// compares without case, one test is told by its suite, its letters and its file; several are told
/// by their suites, as far as that goes.
[[nodiscard]] std::vector<std::string>
selection_of(const std::vector<const results::test_case*>& cases,
             const std::vector<named_test>& all);

} // namespace isolite::doc_test
