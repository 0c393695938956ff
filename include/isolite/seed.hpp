#pragma once

#include <isolite/visibility.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace SQLite {
class Database;
}

namespace isolite {

/// The version of a step that writes the same in every build and in every program, until the
/// version is another one. isolite does not look at the code then. Example: `.step("countries",
/// isolite::across_builds("3"), load_countries)`
struct across_builds {
    explicit across_builds(std::string text) : version(std::move(text)) {}

    std::string version; ///< What is said instead of the code.
};

/// Describes how a database is made: schema and reference data, in the order of the calls.
/// Example: `isolite::seed("shop").sql_file("shop/schema.sql").step("prices", load_prices)`
class ISOLITE_API seed {
  public:
    /// A function that writes to the database which is being seeded. It may throw; it may begin
    /// transactions of its own, but must end them.
    using step_function = std::function<void(SQLite::Database&)>;

    /// A function that opens the database which is being seeded by this path, as code under test
    /// does with any SQLite wrapper, writes to it, and closes it. It may throw.
    using path_function = std::function<void(const std::string& path)>;

    /// One part of a seed, as `apply` sees it.
    struct part {
        enum class kind { sql_file, sql_text, step };
        kind what;
        std::string label;   ///< A file's path, a text's number or a step's name, for messages.
        std::string sql;     ///< The text of a `sql_text`.
        std::string version; ///< What a `step` was declared as, "" for one without a version.
        step_function write; ///< The function of a `step`.
        bool holds_across_builds = false;     ///< What is said of the version of a `step`.
        path_function open_by_path = nullptr; ///< That of a `path_step`, instead of `write`.
    };

    struct attachment;

    /// Starts a seed. Its name is the database's name in URIs and messages.
    explicit seed(std::string name);

    /// Adds the statements of a file, read when an engine is opened.
    /// A relative path is taken from the working directory of the test.
    seed& sql_file(std::string path);

    /// Adds statements given as text.
    seed& sql(std::string text);

    /// Adds a step in C++ that writes the same whenever its version and its code are the same. The
    /// code is what the program was built from, and its libraries but for those of the system. Put
    /// into the version what else the step depends on. Requires: a version, not "".
    seed& step(std::string name, std::string version, step_function write);

    /// Adds a step in C++ of which the version alone says what it writes: change it with the code.
    /// Programs share the image. Requires: a version, not "".
    seed& step(std::string name, across_builds version, step_function write);

    /// Adds a step in C++ without a version. Its database is seeded by every worker anew, since
    /// isolite cannot tell whether an image of an earlier run is still true.
    seed& step(std::string name, step_function write);

    /// Adds a step that gets a path, for an application's own start-up: it opens the database there
    /// with its own code, runs its migrations and closes it. The path is the seed's file where it
    /// claims one, so that code with a fixed path finds the database, too; else one in a directory
    /// of its own, and one file of the claim that the step opens is the same database. Versions are
    /// those of `step`.
    seed& path_step(std::string name, std::string version, path_function open);
    seed& path_step(std::string name, across_builds version, path_function open);
    seed& path_step(std::string name, path_function open);

    /// Adds a function that is called for each connection the engine opens, after the database is
    /// seeded: for SQL functions, collations and PRAGMAs, which belong to a connection.
    seed& on_connect(step_function prepare);

    /// Adds a second database, which every connection that isolite opens has attached as `schema`.
    /// Both are put back together after each test. Its own connection steps are not run.
    seed& attach(std::string schema, seed database);

    /// Claims files: code that opens one of them by path, with any of SQLite's own VFSs, gets a
    /// database in memory that this seed made, and what a test does to it goes with the test. The
    /// usual mode of tests is `copy_on_write` then. The database of `db()` is the file where the
    /// pattern names one; of a pattern that names several, each is a database of its own.
    /// Shape: as of the shell, but `*` stands for slashes too; `shop.db` and `data/shop.db` are
    /// taken from the working directory; `*.db`, without a slash, is about such names in any
    /// directory. Example: `.file("shop.db")`, `.file("/var/lib/shop/shop.db")`,
    /// `.file("*/pib.db")`
    seed& file(std::string pattern);

    /// Lets a test fail that leaves a further connection to the database open, whatever it does.
    seed& strict_connections() noexcept;

    /// Returns the name that the seed was started with.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool has_strict_connections() const noexcept { return strict_connections_; }
    [[nodiscard]] const std::vector<part>& parts() const noexcept { return parts_; }
    [[nodiscard]] const std::vector<step_function>& connection_steps() const noexcept {
        return connection_steps_;
    }

    [[nodiscard]] const std::vector<std::string>& files() const noexcept { return files_; }

    [[nodiscard]] const std::vector<attachment>& attachments() const noexcept {
        return attachments_;
    }

  private:
    std::string name_;
    std::vector<part> parts_;
    std::vector<step_function> connection_steps_;
    std::vector<attachment> attachments_;
    std::vector<std::string> files_;
    bool strict_connections_ = false;
};

/// A database that is attached to the one of a seed.
struct seed::attachment {
    std::string schema;
    seed database;
};

} // namespace isolite
