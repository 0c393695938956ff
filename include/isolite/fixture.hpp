#pragma once

#include <isolite/mode.hpp>
#include <isolite/object_kind.hpp>
#include <isolite/one_sqlite.hpp>
#include <isolite/queries.hpp>
#include <isolite/worker_database.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>

struct sqlite3;
namespace SQLite {
class Database;
class Statement;
} // namespace SQLite

namespace isolite {

namespace sandbox {
class open_sessions;
}

/// What a fixture needs of a test framework: a name and a way to fail. One for each adapter.
class framework {
  public:
    /// Returns the full name of the test case that is running.
    [[nodiscard]] virtual std::string current_test() const = 0;

    /// Returns the mode that a decorator of the running test case, or of a suite around it, asks
    /// for; nothing when none does.
    [[nodiscard]] virtual std::optional<mode> chosen_mode() const = 0;

    /// Says whether the running test case has failed so far.
    [[nodiscard]] virtual bool failing() const = 0;

    /// Makes the running test case fail with this message and goes on. Must not throw.
    virtual void fail(const std::string& message) noexcept = 0;

    /// Shows a message with the running test case, without another failure. Must not throw.
    virtual void note(const std::string& message) noexcept = 0;

    /// Returns what a person writes so that the running test case has mode `copy_on_write`.
    /// Shape: reads after "use copy_on_write for code that commits: ", as "tag the test with ...".
    /// Default: "", by which hints say to open the session in that mode.
    [[nodiscard]] virtual std::string way_to_commit() const { return {}; }

  protected:
    ~framework() = default;
};

/// Thrown by the set-up of a fixture, so that the test fails with the reason.
class ISOLITE_API setup_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A session on the worker's engine for as long as a test's fixture object lives. The adapters
/// derive from it what users derive their tests from.
/// Errors: the constructor throws `setup_error`, the destructor makes the test fail.
class ISOLITE_API fixture : public queries<fixture> {
  public:
    /// Opens the session in the mode that a decorator chose, or in `mode`.
    fixture(framework& framework, worker_database& database, mode mode);
    fixture(framework& framework, engine& engine, mode mode);

    /// Opens the session of a suite called `suite`: what is written in it is there for every test
    /// inside, and gone with the suite. Its mode is `copy_on_write`.
    fixture(framework& framework, worker_database& database, const std::string& suite);
    ~fixture();
    fixture(const fixture&) = delete;
    fixture& operator=(const fixture&) = delete;

    /// Returns the worker's connection, inside the sandbox.
    [[nodiscard]] SQLite::Database& db() noexcept;

    /// Returns the same as SQLite's C functions take it, for code that knows no SQLiteCpp. Ask for
    /// it in each test: there may be another one after a test that changed the connection.
    [[nodiscard]] sqlite3* handle() noexcept;

    /// Returns what opens a further connection to the same database. In mode `rollback` that
    /// connection does not see what the test has written.
    [[nodiscard]] std::string uri() const;

    /// Returns the same for a database that the seed attaches, as `engine::uri`.
    /// Errors: throws `setup_error`.
    [[nodiscard]] std::string uri(std::string_view schema) const;

    /// Returns the path of an ordinary file with what the database has when the test begins, or
    /// one that the seed attaches, as `engine::real_file`.
    /// Errors: throws `setup_error`.
    [[nodiscard]] std::string real_file(std::string_view schema = "main");

    /// Opens a further connection to the same database, as `engine::connect`.
    /// Errors: throws `setup_error`.
    [[nodiscard]] SQLite::Database
    connect(std::chrono::milliseconds busy_timeout = std::chrono::seconds(5)) const;

    /// Returns the kept statement for `sql`, as `engine::statement`.
    [[nodiscard]] SQLite::Statement& statement(std::string_view sql);

    /// Returns the worker's `Object`, made from `SQLite::Database&` once, as `engine::kept`.
    template <typename Object>
    [[nodiscard]] Object& kept() {
        return *static_cast<Object*>(keep(typeid(Object), kind_of<Object>()));
    }

  private:
    friend class queries<fixture>;

    engine& queried() noexcept { return engine_; }
    void* keep(const std::type_info& type, const object_kind& kind);

    framework& framework_;
    engine& engine_;
    sandbox::open_sessions& sessions_;
    std::uint64_t session_;                // its number
    std::array<std::int64_t, 6> timers_{}; // of the process, as the test found them
    int exceptions_;                       // that were in flight when the fixture was made
    bool is_test_;                         // rather than a suite
};

} // namespace isolite
