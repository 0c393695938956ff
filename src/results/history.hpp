#pragma once

#include <isolite/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace SQLite {
class Database;
}

namespace isolite::results {

/// What earlier runs of a program tell of a case.
struct past_case {
    /// Smoothed over the last 10 runs, of which each counts twice as much as the one before it.
    std::chrono::nanoseconds duration{0};
    /// Says whether it failed when it was run last.
    bool failed = false;
};

/// What is kept of a case.
struct kept_case {
    std::vector<std::chrono::nanoseconds> durations; ///< of at most 10 runs, the latest first
    bool failed = false;                             ///< when it was run last
    /// When that was. Units: seconds since 1970.
    std::int64_t last_run = 0;

    [[nodiscard]] past_case past() const;
};

/// What is kept of the cases of one program, by their names.
using kept_cases = std::map<std::string, kept_case>;

/// How many cases of a program, and how many durations of each, are kept.
constexpr std::size_t most_kept_cases = 20'000;
constexpr std::size_t most_kept_durations = 10;

/// What follows the name of a history's file.
constexpr std::string_view history_suffix = ".history.db";

/// A case that came to its end.
struct finished_case {
    std::string name;
    std::chrono::nanoseconds duration{0};
    bool failed = false;
};

/// Durations and verdicts of the earlier runs of one test program, in a file of SQLite's.
///
/// The file is opened for each call and closed again: no connection crosses a fork. It keeps 20,000
/// cases; those that were not run for longest go first. A crash costs at most the run that was
/// being recorded.
/// Processes: any number may read and record at once; one waits for another, but not for ever.
class history {
  public:
    /// Names the file, by an absolute path; it need not exist. `patience`: how long a call waits
    /// for other processes.
    explicit history(std::string file,
                     std::chrono::milliseconds patience = std::chrono::seconds(2));

    /// Returns what is known of each case, by its name; nothing if there is no file yet.
    /// Errors: errc::database for a file that is damaged, not a history, or locked all the time;
    ///   errc::system for a directory that is not of this user alone.
    [[nodiscard]] result<std::map<std::string, past_case>> cases() const;

    /// Returns all that is kept. Errors: as above.
    [[nodiscard]] result<kept_cases> kept() const;

    /// Says whether any case failed when it was run last. Errors: as above.
    [[nodiscard]] result<bool> has_failures() const;

    /// Adds a run. The file is made if it is missing, readable for its owner only, and so is its
    /// directory, with its parents. Of equal names the larger duration counts, and any failure.
    /// Errors: as above, and errc::system for a directory that cannot be made.
    [[nodiscard]] result<void> record(const std::vector<finished_case>& run) const;

  private:
    template <typename Found>
    [[nodiscard]] result<Found> read(Found (*found_in)(SQLite::Database&)) const;

    std::string file_;
    std::chrono::milliseconds patience_;
};

/// Returns what histories call a program: the last part of its path, without what is special in
/// file names.
[[nodiscard]] std::string name_in_histories(const std::string& program);

/// Returns the path of the history of a program in a directory.
/// Shape: DIRECTORY/NAME-HASH.history.db, HASH being 16 hexadecimal digits of the program's
///   absolute path, so that two work trees do not share a history.
[[nodiscard]] std::string history_file(const std::string& directory, const std::string& program);

/// Removes the histories in which nothing was recorded for `days`, but for those in use.
void prune_histories(const std::string& directory, unsigned days);

} // namespace isolite::results
