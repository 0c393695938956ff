#pragma once

#include "files/real_file.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace isolite::paths {

/// The databases of an engine as ordinary files, side by side in a directory of this process alone.
/// Costs nothing until it is asked for one.
/// Threads: those of the engine.
class real_files {
  public:
    /// Returns what a database has when the session that is open begins.
    using content_of = std::function<store::file_content(const std::string& database)>;

    explicit real_files(content_of content) : content_of_(std::move(content)) {}

    /// Returns the path of a database's file. The first call in a session puts all of them right,
    /// and those that are left in their directory; others do not touch them.
    /// Errors: errc::system; errc::environment for a TMPDIR that is no absolute path.
    [[nodiscard]] result<std::string> path_of(const std::string& database, std::uint64_t session);

  private:
    struct named_file {
        std::string database;
        real_file file;
    };

    [[nodiscard]] result<void> put_right();
    [[nodiscard]] result<bool> keep_directory();
    [[nodiscard]] result<void> make_file(const std::string& database);
    [[nodiscard]] const named_file* find(const std::string& database) const noexcept;
    [[nodiscard]] std::string name_for(const std::string& database) const;
    [[nodiscard]] std::vector<std::string> names() const;
    void drop() noexcept;

    content_of content_of_;
    std::optional<real_directory> directory_;
    std::vector<named_file> files_;
    std::optional<std::uint64_t> session_; // that asked last
};

} // namespace isolite::paths
