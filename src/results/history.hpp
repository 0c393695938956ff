#pragma once

#include "results/kept_case.hpp"

#include <isolite/error.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::results {

/// What follows the name of a history's file.
constexpr std::string_view history_suffix = ".history.tsv";

/// Durations and verdicts of the earlier runs of one test program, in a file of the form that
/// `isolite history export` writes.
///
/// It keeps 20,000 cases; those that were not run for longest go first. A crash costs at most the
/// run that was being recorded.
/// Processes: any number may read and record at once; one that records waits for another, but not
/// for ever.
class history {
  public:
    /// Names the file, by an absolute path; it need not exist. `patience`: how long `record` waits
    /// for other processes.
    explicit history(std::string file,
                     std::chrono::milliseconds patience = std::chrono::seconds(2));

    /// Returns what is kept of each case, by its name; nothing if there is no file yet.
    /// Errors: errc::system for a file that cannot be read or is no history, and for a directory
    ///   that is not of this user alone.
    [[nodiscard]] result<kept_cases> cases() const;

    /// Says whether any case failed when it was run last. Errors: as above, but for what is wrong
    /// with the file's lines.
    [[nodiscard]] result<bool> has_failures() const;

    /// Adds a run. The file is made if it is missing, and so is its directory, with its parents,
    /// for its owner only. Of equal names the larger duration counts, and any failure.
    /// Errors: as above, and errc::system for what cannot be made, written or locked.
    [[nodiscard]] result<void> record(const std::vector<finished_case>& run) const;

  private:
    std::string file_;
    std::chrono::milliseconds patience_;
};

/// Returns what histories call a program: the last part of its path, without what is special in
/// file names.
[[nodiscard]] std::string name_in_histories(const std::string& program);

/// Returns the path of the history of a program in a directory.
/// Shape: DIRECTORY/NAME-HASH.history.tsv, HASH being 16 hexadecimal digits of the program's
///   absolute path, so that two work trees do not share a history.
[[nodiscard]] std::string history_file(const std::string& directory, const std::string& program);

/// Returns what a history calls its program, by the path of its file; "" for another file.
[[nodiscard]] std::string program_of_history(const std::string& file);

/// Removes the histories in which nothing was recorded for `days`, unless one is being recorded.
void prune_histories(const std::string& directory, unsigned days);

} // namespace isolite::results
