#pragma once

#include "os/lock_file.hpp"
#include "os/own_process.hpp"

#include <isolite/error.hpp>

#include <memory>
#include <string>

namespace isolite::verify {

/// Lets a process be the only one that verifies in a directory, as long as this lives: what the
/// cases of another one make there would be taken for its own, or moved away from it.
class sole_verification {
  public:
    /// Of a directory that is gone nobody is the only one.
    /// Errors: errc::usage if another verification goes on there; errc::environment and
    ///   errc::system, as `path_of_runtime_directory` and `private_directory`.
    /// Processes: those of this user that have the same runtime directory know of each other. One
    ///   that is forked does not hold the lock.
    [[nodiscard]] static result<sole_verification> in(const std::string& directory);

    sole_verification(sole_verification&& other) noexcept = default;
    sole_verification& operator=(sole_verification&&) = delete;
    sole_verification(const sole_verification&) = delete;
    sole_verification& operator=(const sole_verification&) = delete;
    ~sole_verification();

  private:
    sole_verification(std::string path, std::unique_ptr<os::lock_file> file);

    std::string path_;
    std::unique_ptr<os::lock_file> file_; ///< null where nothing is locked
    pid_t owner_;
};

} // namespace isolite::verify
