#pragma once

#include "verify/sole_verification.hpp"

#include <isolite/error.hpp>

#include <string>

namespace isolite::verify {

/// Where experiments work, and a directory for what they need on the disk.
class workplace {
  public:
    /// Errors: errc::usage if another verification works there; errc::system, errc::environment.
    [[nodiscard]] static result<workplace> open();

    /// Returns the directory where cases work.
    [[nodiscard]] const std::string& directory() const { return directory_; }

    /// Returns the directory for what experiments need, to which nobody else may write.
    [[nodiscard]] const std::string& own() const { return own_; }

    /// Moves a file out of the directory where cases work, and keeps it: nobody but the user knows
    /// whether a case has made it. Of several of a name the last stays.
    void put_aside(const std::string& name);

    /// Returns where these files are, "" if there are none.
    [[nodiscard]] const std::string& aside() const { return aside_; }

    /// Puts one of them back to where it was, unless there is another one of its name now.
    void put_back(const std::string& name);

    /// Removes one of them.
    void remove(const std::string& name);

    /// Removes what experiments needed on the disk, but for those files.
    void tidy_up();

  private:
    workplace(std::string directory, sole_verification sole, std::string own);

    std::string directory_;
    sole_verification sole_;
    std::string own_;
    std::string aside_;
};

} // namespace isolite::verify
