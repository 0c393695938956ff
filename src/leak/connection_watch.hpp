#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite {

/// Watches what a rollback does not restore on one connection: PRAGMAs, ATTACH, TEMP objects and
/// statements left open. The databases that are attached when watching starts belong to it.
/// Watching costs nothing while statements run: SQLite calls an authorizer only when it prepares
/// one, and the long look follows only when that saw something. Source:
/// https://www.sqlite.org/c3ref/set_authorizer.html
class connection_watch {
  public:
    /// Returns the values of the PRAGMAs that belong to a connection, empty when it cannot tell.
    using settings_reader = std::function<std::vector<std::string>()>;

    /// Starts watching a new connection. The statement is one that every session runs, by which a
    /// change of the authorizer shows. `usual` reads the settings to return to from another
    /// connection that is like this one; it is called when they are needed first, because most
    /// suites never need them and reading them takes as long as opening a connection.
    connection_watch(sqlite3* connection, sqlite3_stmt* probe, settings_reader usual);
    ~connection_watch();
    connection_watch(const connection_watch&) = delete;
    connection_watch& operator=(const connection_watch&) = delete;

    /// Reads the settings of a connection, for `settings_reader`.
    [[nodiscard]] static std::vector<std::string> settings_of(sqlite3* connection);

    /// Forgets what was seen before: a session begins.
    void begin() noexcept;

    /// Begins a session inside another one: what the outer one did to the connection is what the
    /// inner one has to return to.
    void begin_inner();

    /// Returns to the outer session, after `restore` if the inner one was suspicious.
    void end_inner() noexcept;

    /// Runs the probe; where no transaction is open, another statement that does nothing.
    void run_probe() noexcept;

    /// Says whether anything was seen since `begin` that a rollback may not restore.
    /// Requires: the probe has run since `begin`, and no transaction is open.
    [[nodiscard]] bool suspicious() const noexcept;

    /// Looks at everything, puts it back and returns what had changed, each as a clause that reads
    /// after "it". The journal mode belongs to the database: where that is put back too, it may
    /// change. Requires: no transaction is open.
    [[nodiscard]] std::vector<std::string> restore(bool journal_mode_may_change);

    /// Resets every statement that was left open and returns a clause for each.
    [[nodiscard]] std::vector<std::string> reset_statements();

  private:
    /// A schema and its file: another file under the same name is another database.
    using attachment = std::pair<std::string, std::string>;

    /// What a session found, and has to leave behind.
    struct baseline {
        std::vector<std::string> settings; // one for each PRAGMA of the source; none: the usual
        std::vector<int> switches;         // the same for sqlite3_db_config
        std::vector<attachment> attached;
        std::vector<std::string> temporary; // the names of TEMP objects
    };
    /// What the session that is open has been seen to do.
    struct notes {
        bool changed = false;      // a statement was prepared that changes connection state
        bool busy_timeout = false; // one of them was PRAGMA busy_timeout
        bool journal_mode = false; // or PRAGMA journal_mode
        bool probed = false;       // the authorizer was asked about the probe: it is still ours
        bool interrupted = false;  // a progress handler would not let the probe do its work
        bool replaced = false;     // another authorizer would not let the probe do its work
        int reprepared = 0;        // how often the probe had been prepared again at `begin`
    };

    static int authorize(void* watch, int action, const char* first, const char* second,
                         const char* database, const char* trigger);
    void note(int action, const char* first, const char* second);
    void run_idle_probe() noexcept;
    [[nodiscard]] int reprepared() const noexcept;
    [[nodiscard]] baseline present() const;
    [[nodiscard]] std::vector<attachment> attached() const;
    [[nodiscard]] std::vector<std::string> temporary() const;
    [[nodiscard]] const std::vector<std::string>& wanted_settings();
    [[nodiscard]] std::vector<int> switches() const;
    void restore_authorizer(std::vector<std::string>& changes);
    void restore_switches(std::vector<std::string>& changes);
    void restore_settings(std::vector<std::string>& changes, bool journal_mode_may_change);
    [[nodiscard]] bool is_blamed(std::string_view pragma, bool journal_mode_may_change) const;
    void drop_temporary_objects(std::vector<std::string>& changes);
    void detach_databases(std::vector<std::string>& changes);

    sqlite3* connection_;
    sqlite3_stmt* probe_;
    sqlite3_stmt* idle_probe_ = nullptr;
    bool probing_ = false; // the probe is running
    settings_reader read_usual_;
    std::vector<std::string> usual_; // once they were read
    std::string soft_heap_limit_;    // the one setting that belongs to the process
    baseline baseline_;
    notes notes_;
    std::vector<std::pair<baseline, notes>> outer_; // the innermost last
};

} // namespace isolite
