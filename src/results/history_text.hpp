#pragma once

#include "results/kept_case.hpp"

#include <isolite/error.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Histories as people, other machines and later versions read them: docs/timings.md has the
/// format.
namespace isolite::results {

/// The histories of programs, by the last part of their path.
using program_histories = std::map<std::string, kept_cases>;

/// Makes one of several, whatever their order: of a case all durations count, those of its latest
/// run first, and the last verdict. What they have in common counts once.
[[nodiscard]] program_histories merged(const std::vector<program_histories>& all);

/// Returns histories as a text. Shape: lines, sorted by program and case.
[[nodiscard]] std::string history_text(const program_histories& all);

/// Reads such a text. Errors: what is wrong with the first line that is none of the format, with
/// its number: "line 3: it is cut off".
[[nodiscard]] tl::expected<program_histories, std::string> histories_in(std::string_view text);

/// Adds a run of a program, of which alone the text tells, or which is "". Of equal names the
/// larger duration counts, and any failure. `now`: seconds since 1970. What is wrong within a
/// column stays as it is. Shape: lines in no order. Errors: as above, for all else.
[[nodiscard]] tl::expected<std::string, std::string> with_run(std::string_view text,
                                                              const std::string& program,
                                                              const std::vector<finished_case>& run,
                                                              std::int64_t now);

/// Says whether such a text tells of a case that failed when it was run last.
[[nodiscard]] bool tells_of_failures(std::string_view text);

/// Reads a file with such a text. Errors: errc::system.
[[nodiscard]] result<program_histories> read_histories(const std::string& file);

} // namespace isolite::results
