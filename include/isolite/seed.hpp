#pragma once

#include <isolite/visibility.hpp>

#include <functional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace isolite {

/// Describes how a database is made: schema and reference data, in the order of the calls.
/// Example: `isolite::seed("shop").sql_file("shop/schema.sql").step("prices", load_prices)`
class ISOLITE_API seed {
  public:
    /// A function that writes to the database which is being seeded. It may throw; it may begin
    /// transactions of its own, but must end them.
    using step_function = std::function<void(SQLite::Database&)>;

    /// One part of a seed, as `apply` sees it.
    struct part {
        enum class kind { sql_file, sql_text, step };
        kind what;
        std::string label;   ///< A file's path, a text's number or a step's name, for messages.
        std::string sql;     ///< The text of a `sql_text`.
        step_function write; ///< The function of a `step`.
    };

    /// Starts a seed. Its name is the database's name in URIs and messages.
    explicit seed(std::string name);

    /// Adds the statements of a file, read when the seed is applied.
    /// A relative path is taken from the working directory of the test.
    seed& sql_file(std::string path);

    /// Adds statements given as text.
    seed& sql(std::string text);

    /// Adds a step in C++.
    seed& step(std::string name, step_function write);

    /// Adds a function that is called for each connection the engine opens, after the database is
    /// seeded: for SQL functions, collations and PRAGMAs, which belong to a connection.
    seed& on_connect(step_function prepare);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<part>& parts() const noexcept { return parts_; }
    [[nodiscard]] const std::vector<step_function>& connection_steps() const noexcept {
        return connection_steps_;
    }

  private:
    std::string name_;
    std::vector<part> parts_;
    std::vector<step_function> connection_steps_;
};

} // namespace isolite
