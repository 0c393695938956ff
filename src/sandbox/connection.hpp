#pragma once

#include "sandbox/changes_counter.hpp"
#include "sandbox/connection_recipe.hpp"
#include "sandbox/connection_watch.hpp"
#include "sandbox/own_statement.hpp"
#include "sandbox/transaction_trace.hpp"

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::sandbox {

/// Says whether a statement is one that FTS and R-tree keep on their own tables.
[[nodiscard]] bool is_of_virtual_table(std::string_view sql);

/// What a sandbox has on one of SQLite's connections: its watch, and the statements that it runs.
/// It goes before the connection does.
class connection {
  public:
    /// Prepares a new connection by the recipe, `on_connect` included, and starts to watch it.
    /// Errors: throws SQLite::Exception and what a step throws.
    connection(SQLite::Database& opened, const connection_recipe& recipe, bool with_steps,
               usual_settings& usual, std::uint64_t& schema_changes);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Says that it is in its usual state. `layered` are the schemas with layers below SQLite.
    void ready(const std::vector<std::string>& layered);

    /// Connects the virtual tables, which else the first test does that uses one, if it may, and
    /// lets the watch know them.
    void connect_virtual_tables(const std::vector<std::string>& schemas);

    connection_watch watch;
    transaction_trace trace;
    bool lost_rollback_hook = false; ///< `on_connect` had set one, which looking for it removed.

    /// Says whether a statement is one of the sandbox's own.
    [[nodiscard]] bool owns(const sqlite3_stmt* statement) const noexcept;

    /// Says whether statements of whoever is around the session are in the middle of their rows.
    [[nodiscard]] bool has_older_statements() const noexcept { return !busy_before_.empty(); }

    /// Says whether a statement is one of the session around: it was there when the session began,
    /// which is an inner one, and neither `on_connect` made it nor an earlier test left it.
    [[nodiscard]] bool was_there(const sqlite3_stmt* statement) const;

    /// A session begins, inside of another one or not: what is in the middle of its rows now
    /// belongs to whoever is around it.
    void begin_session(bool is_inner);
    void end_session(bool is_inner) noexcept;

    /// Says whether anything may have been done on the connection since the last session: a
    /// statement ran, or a flag was set without one.
    [[nodiscard]] bool used_between() const noexcept;

    /// Lets the watch see flags that were set without SQL, by a statement that does nothing.
    /// Returns its result code.
    int show_flags() noexcept;

    /// Runs the kept BEGIN, if there is to be a transaction. Returns the result code of SQLite.
    int begin(bool transaction) noexcept;

    /// Rolls back what is open, and stops what is in the middle of its rows. Returns a clause for
    /// each thing that was, or that kept it from doing so; it reads after "it".
    [[nodiscard]] std::vector<std::string> come_to_rest();

    /// Lets `last_insert_rowid` and `changes` say what they said when the test began.
    void restore_counters(std::int64_t last_insert_rowid) noexcept;

  private:
    int run_probe() noexcept;
    int run_idle() noexcept;
    [[nodiscard]] own_statement prepared(const char* sql) const;
    void stop_statements(std::vector<std::string>& clauses, bool interrupted);
    [[nodiscard]] std::vector<sqlite3_stmt*> busy_statements() const;
    [[nodiscard]] bool has_blob() const;
    void reset_changes() noexcept;
    void mark_statements(bool something_ran);
    void note_statements_left();
    [[nodiscard]] sqlite3_stmt* mark() const noexcept;

    sqlite3* handle_;
    own_statement begin_;
    own_statement rollback_;
    own_statement idle_; // a SELECT that reads nothing
    changes_counter changes_;
    std::vector<sqlite3_stmt*> busy_before_;
    std::vector<std::vector<sqlite3_stmt*>> busy_outside_; // before the sessions around
    // SQLite has the youngest statement first: what an inner session found is behind its mark.
    std::vector<own_statement> marks_;
    std::set<const sqlite3_stmt*> left_by_tests_; // inside the outermost session
    std::uint64_t asked_when_left_ = 0;           // what the watch had heard by then
    int extended_codes_ = 0;                      // whether `on_connect` switched them on
    int loads_extensions_ = 0;                    // and these
    bool keeps_rollback_hook_ = false;            // on_connect set it
    bool is_blind_ = false;                       // on_connect set an authorizer
    bool was_expired_ = false;                    // `idle_`, before this session began
    int rollback_reprepared_ = 0;                 // how often the ROLLBACK has been
};

} // namespace isolite::sandbox
