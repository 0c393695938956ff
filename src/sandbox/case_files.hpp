#pragma once

#include <isolite/error.hpp>
#include <isolite/visibility.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::sandbox {

class open_sessions;

/// A case, as far as it is about files that code under test opens by path: what is done to them
/// goes with the case, whether it has a fixture of isolite's or not, and also what is done before
/// its fixture or after.
class ISOLITE_API case_files {
  public:
    /// A case begins. Costs next to nothing where no file was ever claimed.
    void begin(const std::string& name);

    /// It begins once more, as with each of its sections, and ends before that if it has not.
    void begin_again();

    /// Keeps the files that it has written to, but for those of its sessions, as they are now that
    /// the case has failed, unless they were kept: by a fixture of the case, or when an earlier one
    /// of its passes had failed. Returns what tells a person where they are, or "".
    [[nodiscard]] std::string keep_evidence();

    /// It ends, or has already. Returns what it did to files that no fixture could tell of, each
    /// for a person to read and once.
    [[nodiscard]] std::vector<std::string> end();

  private:
    void enter();
    void leave();

    std::string name_;
    std::uint64_t scope_ = 0;
    bool has_begun_ = false;
    bool has_kept_ = false;
    std::vector<std::string> found_;
};

/// The suites that run, each in the one before, as far as they are about such files: what their
/// set-up writes is there for their cases, and goes with them.
class ISOLITE_API suite_files {
  public:
    /// A suite begins. Costs next to nothing where no file was ever claimed.
    void begin(const std::string& name);

    /// The innermost one ends. Returns what it did to files outside of its cases, each for a person
    /// to read.
    [[nodiscard]] std::vector<std::string> end();
};

/// Notes that a fixture of the running case has kept its files.
void note_kept_files() noexcept;

/// Lets the sessions of an engine that is opened in the middle of suites or of a case begin as if
/// it had been there before.
void join_running_case(open_sessions& opened);

/// Says whether there ever was a claim of a file.
[[nodiscard]] ISOLITE_API bool files_were_claimed() noexcept;

/// Claims files without a seed: they are what is on the disk, or new and empty. Also those of the
/// databases that the program describes, if all is known of them. May be called again.
/// Errors: errc::usage, then, for a claim of any kind that can be of no file.
[[nodiscard]] result<void> claim_files(const std::vector<std::string>& patterns,
                                       bool also_described);

/// The sessions of the engines that have files which code under test opens by path.
[[nodiscard]] std::vector<open_sessions*>& sessions_of_files();

} // namespace isolite::sandbox
