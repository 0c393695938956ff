#pragma once

#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite {

/// Watches what a rollback does not restore on one connection: PRAGMAs, ATTACH, TEMP objects and
/// statements left open. Watching costs nothing while statements run: SQLite calls an authorizer
/// only when it prepares one, and the long look follows only when that saw something.
/// Source: https://www.sqlite.org/c3ref/set_authorizer.html
class connection_watch {
  public:
    /// Starts watching; the connection's settings of this moment are the ones to return to.
    /// The statement is one that every session runs, by which a change of the authorizer shows.
    connection_watch(sqlite3* connection, sqlite3_stmt* probe);
    ~connection_watch();
    connection_watch(const connection_watch&) = delete;
    connection_watch& operator=(const connection_watch&) = delete;

    /// Forgets what was seen before: a session begins.
    void begin() noexcept;

    /// Runs the probe. Returns the result code of SQLite.
    int run_probe() noexcept;

    /// Says whether anything was seen since `begin` that a rollback may not restore.
    /// Requires: the probe has run since `begin`, and no transaction is open.
    [[nodiscard]] bool suspicious() const noexcept;

    /// Returns the last COMMIT or ROLLBACK prepared since `begin`, empty if there was none.
    [[nodiscard]] const std::string& ended_with() const noexcept { return ended_with_; }

    /// Looks at everything, puts it back and returns what had changed, each as a clause that reads
    /// after "it". Requires: no transaction is open.
    [[nodiscard]] std::vector<std::string> restore();

    /// Resets every statement that was left open and returns a clause for each.
    [[nodiscard]] std::vector<std::string> reset_statements();

  private:
    static int authorize(void* watch, int action, const char* first, const char* second,
                         const char* database, const char* trigger);
    void note(int action, const char* first, const char* second);
    [[nodiscard]] int reprepared() const noexcept;
    [[nodiscard]] std::vector<std::string> settings() const;
    [[nodiscard]] std::vector<int> switches() const;
    void restore_authorizer(std::vector<std::string>& changes);
    void restore_switches(std::vector<std::string>& changes);
    void restore_settings(std::vector<std::string>& changes);
    void drop_temporary_objects(std::vector<std::string>& changes);
    void detach_databases(std::vector<std::string>& changes);

    sqlite3* connection_;
    sqlite3_stmt* probe_;
    std::vector<std::string> settings_; // one for each of the PRAGMAs in the source, as text
    std::vector<int> switches_;         // the same for sqlite3_db_config
    std::string ended_with_;
    bool seen_ = false;              // a statement was prepared that changes connection state
    bool busy_timeout_seen_ = false; // one of them was PRAGMA busy_timeout
    bool probing_ = false;           // the probe is running
    bool probed_ = false;            // the authorizer was asked about the probe: it is still ours
    bool interrupted_ = false;       // a progress handler would not let the probe do its work
    bool replaced_ = false;          // another authorizer would not let the probe do its work
    int reprepared_ = 0;             // how often the probe had been prepared again at `begin`
};

} // namespace isolite
