#pragma once

#include "os/own_process.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace isolite::verify {

/// A directory in one that nobody else may write to. It goes with this object, in the process that
/// has made it.
class made_directory {
  public:
    explicit made_directory(std::string path);
    made_directory(const made_directory&) = delete;
    made_directory& operator=(const made_directory&) = delete;
    ~made_directory();

    /// Says whether this process has made it.
    [[nodiscard]] bool is_own() const;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    pid_t maker_;
};

/// A directory for the temporary files of an experiment, which TMPDIR names. Its name is short:
/// sockets are made in it.
class temporary_directory {
  public:
    temporary_directory(const std::string& place, std::size_t number);
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory();

    [[nodiscard]] const std::string& path() const { return made_.path(); }

  private:
    made_directory made_;
    std::optional<std::string> before_;
};

} // namespace isolite::verify
