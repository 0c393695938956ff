#pragma once

#include <isolite/error.hpp>

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::report {

/// A directory with files of records.
struct record_place {
    std::string directory;
    /// What tells workers from those of other machines. "": there are no others.
    std::string machine;
};

/// The records of a run in tables: a database in memory, see record_sql.hpp.
class run_records {
  public:
    /// Reads all files of a directory. What is no record is passed over, and so are files without
    /// the head of a process: `complaints` tells them.
    /// Errors: errc::system for a directory that cannot be read or has no records. Throws
    ///   SQLite::Exception, as all that asks the database.
    [[nodiscard]] static result<run_records> in(const std::string& directory);
    /// Reads those of one process and of the workers that it forked.
    [[nodiscard]] static result<run_records> of_launch(const std::string& directory,
                                                       std::int64_t process);

    /// Reads those of several directories as one run.
    [[nodiscard]] static result<run_records> of(const std::vector<record_place>& places);

    [[nodiscard]] SQLite::Database& database() { return *database_; }
    /// Returns the directory, or all of them with commas.
    [[nodiscard]] const std::string& directory() const noexcept { return directory_; }
    [[nodiscard]] const std::vector<error>& complaints() const noexcept { return complaints_; }

    /// Returns the run id, as the first of its processes tells it.
    [[nodiscard]] std::string id() { return text("SELECT id FROM run"); }

    /// Returns the one value of a query as a text.
    [[nodiscard]] std::string text(const std::string& query);
    /// Returns the one value of a query as a number; 0 for NULL.
    [[nodiscard]] std::int64_t number(const std::string& query);

  private:
    explicit run_records(std::string directory);
    [[nodiscard]] static result<run_records> read(const std::vector<record_place>& places,
                                                  std::optional<std::int64_t> launch);

    result<void> read_files(const record_place& place);
    void add_lines(std::int64_t file, const std::string& text);
    void leave_out_others(std::int64_t launch);
    void complain_of_missing_heads();
    [[nodiscard]] std::optional<std::int64_t> moment_of_life(const std::string& text);

    std::string directory_;
    std::unique_ptr<SQLite::Database> database_;
    std::vector<error> complaints_;
};

} // namespace isolite::report
