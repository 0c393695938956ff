#pragma once

#include <isolite/error.hpp>
#include <isolite/object_kind.hpp>
#include <isolite/one_sqlite.hpp>
#include <isolite/queries.hpp>
#include <isolite/seed.hpp>
#include <isolite/worker_database.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

struct sqlite3;
namespace SQLite {
class Database;
class Statement;
} // namespace SQLite

namespace isolite {

/// A worker's live database on the image of a seed: opened once, then shared by the worker's tests.
/// Threads: one at a time, as for the SQLite connection in it.
class ISOLITE_API engine : public queries<engine> {
  public:
    /// Lays the database that the seed describes over its image, which is mapped from the cache or
    /// built, and opens a connection to it with foreign keys enforced. What the connection writes
    /// stays in memory.
    /// Errors: errc::seed, errc::database; errc::usage for a name or a setting that cannot be;
    ///   errc::environment for a malformed variable of the cache. With `cache_settings::fresh` also
    ///   those of `worker::current`.
    [[nodiscard]] static result<engine> open(const seed& seed);

    /// Opens the engine of `Database::seed()` at the first call and returns the same one, or the
    /// same error, ever after.
    /// Errors: those of `open`; errc::seed when `seed()` throws. Lifetime: until the process ends.
    template <typename Database>
    [[nodiscard]] static const result<engine*>& of_worker() {
        return of_worker(worker_database_of<Database>());
    }
    [[nodiscard]] static const result<engine*>& of_worker(worker_database& database);

    engine(engine&&) noexcept;
    engine& operator=(engine&&) noexcept;
    ~engine();

    /// Returns the worker's connection. Lifetime: until the engine's; but after a test that changed
    /// the connection another one is behind it, and statements of the test's own are dead.
    [[nodiscard]] SQLite::Database& db() noexcept;

    /// Returns the same as SQLite's C functions take it, for code that knows no SQLiteCpp.
    [[nodiscard]] sqlite3* handle() noexcept;

    /// Returns the name of the database: that of its seed, numbered when there are several.
    [[nodiscard]] const std::string& name() const noexcept;

    /// Returns what opens a further connection to the same database: `file:NAME?vfs=isolite`.
    /// Requires: SQLITE_OPEN_URI, unless SQLite was built to take URIs always.
    [[nodiscard]] std::string uri() const;

    /// Returns the same for a database that the seed attaches. Errors: errc::usage for another one.
    [[nodiscard]] result<std::string> uri(std::string_view schema) const;

    /// Returns the absolute path of an ordinary file with what the database has when the innermost
    /// session begins, or one that the seed attaches; `db()` does not see what is written to it. It
    /// is this worker's alone, is put right at the first call in each session, and goes with it.
    /// Errors: errc::usage for a schema that is not there; errc::system, errc::environment.
    [[nodiscard]] result<std::string> real_file(std::string_view schema = "main");

    /// Opens a further connection to the same database, set up as `db()` is: foreign keys
    /// enforced, the seed's databases attached, its `on_connect` steps run. It sees what others
    /// have committed, and waits up to `busy_timeout` for their locks. Lifetime: any; the next test
    /// sees a connection that was left open only as far as its work is undone.
    /// Errors: errc::database, errc::seed for a step that throws.
    [[nodiscard]] result<SQLite::Database>
    connect(std::chrono::milliseconds busy_timeout = std::chrono::seconds(5)) const;

    /// Returns the statement for `sql`, prepared once for the worker, reset and without bindings.
    /// A statement that is in the middle of its rows is left alone and another one returned.
    /// Errors: throws SQLite::Exception. Lifetime: that of `db()`.
    [[nodiscard]] SQLite::Statement& statement(std::string_view sql);

    /// Returns the worker's `Object`, made from `SQLite::Database&` at the first call: for code
    /// under test that keeps prepared statements. Lifetime: that of `db()`.
    template <typename Object>
    [[nodiscard]] Object& kept() {
        return *static_cast<Object*>(keep(typeid(Object), kind_of<Object>()));
    }

  private:
    friend class fixture;
    friend class queries<engine>;
    friend class session;
    friend cell query_one(engine&, std::string_view, const std::vector<cell>&);
    friend std::vector<cell> query_column(engine&, std::string_view, const std::vector<cell>&);
    friend int run_statement(engine&, std::string_view, const std::vector<cell>&);

    struct state;
    explicit engine(std::unique_ptr<state> state) noexcept;

    engine& queried() noexcept { return *this; }
    void* keep(std::type_index type, const object_kind& kind);

    std::unique_ptr<state> state_;
};

} // namespace isolite
