#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace isolite::records {

class record_line;

/// What is to be said of fixture work, beyond its kind and its time.
struct fixture_details {
    std::string_view name;                 ///< The seed, the database, or what the user called it.
    std::string_view test = {};            ///< Of a session.
    std::optional<std::size_t> pages = {}; ///< that the test changed
    std::optional<std::size_t> rows = {};  ///< that it left behind
    std::string_view text = {};
    std::chrono::nanoseconds seeding{0}; ///< what applying the seed takes, 0 if it is unknown
};

/// The end of a case.
struct case_end {
    std::string_view verdict;
    std::string_view why = {};
    std::chrono::steady_clock::time_point ended;
    std::string_view output = {}; ///< what it wrote, where that is known and it failed
    bool timed_out = false;
};

/// The end of a session, which is several pieces of work.
struct session_end {
    using time_point = std::chrono::steady_clock::time_point;

    /// What was done in it, as far as it was.
    struct inner {
        time_point checking; ///< When the search for leaks began.
        time_point checked;  ///< When it ended, not set where nothing came after it.
        time_point healed;   ///< When what was found was put right, which began at `checked`.
    };

    fixture_details details;
    inner work;
    time_point opened; ///< When the test began.
    bool is_outermost = true;
};

/// Returns what a record has of an output: of a long one the beginning and the end, 64 KiB in all,
/// for a file of records is bounded.
[[nodiscard]] std::string output_to_record(std::string_view output);

/// Adds what an entry says to its record.
void add_to(record_line& line, const fixture_details& details);
void add_to(record_line& line, const case_end& end);

} // namespace isolite::records
