#pragma once

#include "results/history.hpp"

#include <isolite/error.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Histories as people, other machines and later versions read them: docs/timings.md has the
/// format.
namespace isolite::results {

/// The histories of programs, by `name_in_histories`.
using program_histories = std::map<std::string, kept_cases>;

/// Makes one of several, whatever their order: of a case all durations count, those of its latest
/// run first, and the last verdict. What they have in common counts once.
[[nodiscard]] program_histories merged(const std::vector<program_histories>& all);

/// Returns histories as a text. Shape: lines, sorted by program and case.
[[nodiscard]] std::string history_text(const program_histories& all);

/// Reads such a text; `file` is what errors call it.
/// Errors: errc::system for the first line that is none of the format, by its number.
[[nodiscard]] result<program_histories> histories_in(std::string_view text,
                                                     const std::string& file);

/// Reads a file with such a text. Errors: as above, and what the system says.
[[nodiscard]] result<program_histories> read_histories(const std::string& file);

} // namespace isolite::results
