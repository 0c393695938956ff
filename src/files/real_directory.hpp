#pragma once

#include "os/private_directory.hpp"
#include "worker/environment.hpp"

#include <isolite/error.hpp>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace isolite::paths {

inline constexpr os::purpose making_files = {"make a real file of a database", "TMPDIR"};

/// A directory of this process alone, for files that tests may do with whatever they like. It is
/// locked for as long as the process lives, and removed with this, or when the process ends.
class real_directory {
  public:
    /// Makes one where there is room for `bytes`: in isolite-<uid>/real-files in TMPDIR if that is
    /// set, else in /dev/shm if that takes no more than a sixteenth of what is free there, else in
    /// /tmp. The first call in a process removes those that killed processes have left there.
    /// Errors: errc::system; errc::environment for a TMPDIR that is no absolute path.
    [[nodiscard]] static result<real_directory> make(std::uint64_t bytes,
                                                     const os::purpose& purpose = making_files);

    /// Says whether a file lies in one that this process has made, by its full name.
    [[nodiscard]] static bool holds(const std::string& full_name);

    real_directory(real_directory&& other) noexcept;
    real_directory& operator=(real_directory&&) = delete;
    ~real_directory();

    [[nodiscard]] const std::string& path() const noexcept { return directory_.path(); }
    [[nodiscard]] const os::private_directory& opened() const noexcept { return directory_; }

    /// Says whether it still is where it was made, by this process, and is open.
    [[nodiscard]] bool is_there() const noexcept;

    /// Removes all that is in it but the files of these names, and what others may do with it.
    /// Costs a look where nothing was made, removed or renamed since. Returns false where that
    /// fails.
    [[nodiscard]] bool put_right(const std::vector<std::string>& kept);

    /// Notes that it is as it should be.
    void note();

    /// The time at which what is as it should be was last modified, as it says itself: an hour ago,
    /// so that all that is done to it shows, however coarse the clock of the file system is.
    [[nodiscard]] const std::timespec& sentinel() const noexcept { return sentinel_; }

  private:
    real_directory(os::private_directory directory, os::descriptor lock);

    os::private_directory directory_;
    os::descriptor lock_;
    std::int64_t owner_; // the process that made it, 0 when moved from
    std::timespec sentinel_{};
    os::file_facts as_noted_;
};

/// Returns the directory in which all processes of this user make theirs, and makes none.
/// Errors: as `make`.
[[nodiscard]] result<std::string> place_of_real_files(const workers::environment& variables,
                                                      std::uint64_t bytes,
                                                      const os::purpose& purpose = making_files);

/// Removes what processes that were killed have left, wherever that may be.
void remove_left_real_files();

} // namespace isolite::paths
