#pragma once

#include "files/real_directory.hpp"
#include "store/file_content.hpp"

#include <isolite/error.hpp>

#include <string>

namespace isolite::paths {

/// A database as an ordinary file of SQLite's, for a test to do with whatever it likes.
class real_file {
  public:
    /// Its name in the directory.
    explicit real_file(std::string name) : name_(std::move(name)) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// Makes the file. Errors: errc::system.
    [[nodiscard]] result<void> make(const real_directory& directory, store::file_content content);

    /// Gives the file this content, by writing the pages that differ; costs a look where nothing
    /// was done to it. Returns false where it has to be made in another directory: it is not the
    /// file that was made, it has other names, too, or somebody still has it open, who would write
    /// to it, or remove a journal of its name, when another test is at work.
    /// Errors: errc::system.
    [[nodiscard]] result<bool> put_right(const real_directory& directory,
                                         store::file_content content);

  private:
    [[nodiscard]] tl::unexpected<error> failure(const real_directory& directory,
                                                const char* action) const;
    [[nodiscard]] bool is_as_noted(const os::file_facts& found) const noexcept;
    [[nodiscard]] bool note(const real_directory& directory, const os::descriptor& file);

    std::string name_;
    store::file_content content_; // that was written
    os::file_facts as_noted_;     // when it had that
};

} // namespace isolite::paths
