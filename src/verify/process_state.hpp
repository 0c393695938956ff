#pragma once

#include "os/files.hpp"
#include "os/process_facts.hpp"
#include "results/event.hpp"
#include "verify/trace.hpp"

#include <isolite/visibility.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace isolite::verify {

/// What is in a directory, but not in those in it.
using directory_state = std::map<std::string, os::file_facts>;

/// Looks at a directory. Of one with very many files it says nothing. `failure` gets a value of
/// errno, or 0.
[[nodiscard]] directory_state state_of_directory(const std::string& path, int* failure = nullptr);

/// Returns what is different in a directory now.
[[nodiscard]] std::vector<trace> traces_of_files(const directory_state& before,
                                                 const directory_state& now, bool is_temporary);

/// What of a process, and of the directories that it works in, a case may change for those after
/// it. Cases that were there before are to change nothing of it.
class ISOLITE_API process_state {
  public:
    /// Looks at this process, at a directory that it works in, and at one for temporary files.
    [[nodiscard]] static process_state now(const std::string& directory,
                                           const std::string& temporary);

    /// Returns what is different now.
    [[nodiscard]] std::vector<trace> traces_since(const process_state& before) const;

  private:
    struct seen_directory {
        std::string path;
        directory_state files = {};
        int failure = 0; ///< of errno, if it cannot be looked at
    };

    static void compare_directories(const seen_directory& before, const seen_directory& now,
                                    bool is_temporary, std::vector<trace>& found);

    os::process_facts process_;
    seen_directory working_;
    seen_directory temporary_;
};

/// Looks at this process before and after each of its cases.
class ISOLITE_API state_watch {
  public:
    /// `directory`: where this process works, which a case may leave.
    state_watch();

    void begin();

    /// Returns what the case has left.
    [[nodiscard]] std::vector<trace> end() const {
        return process_state::now(directory_, temporary_).traces_since(before_);
    }

    /// Returns that as an event, with what earlier runs of the same case have left in this process,
    /// and others with the statements of the case, and with what it changed in its databases, where
    /// these are told.
    [[nodiscard]] std::vector<results::event> events_of_end(std::size_t position);

  private:
    std::string directory_;
    std::string temporary_;
    process_state before_;
    std::map<std::size_t, std::vector<trace>> left_; ///< by case, in all its runs
};

} // namespace isolite::verify
