#pragma once

#include "sandbox/prepared_pragmas.hpp"
#include "sandbox/usual_settings.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace isolite::sandbox {

/// Recognises what makes a connection another one than it was when it was opened, and names it. It
/// puts nothing back: a connection that is not as it was is replaced.
/// SQLite calls an authorizer when it prepares a statement, not when it runs one, so that ordinary
/// work costs nothing; and statements that change a connection are prepared anew each time.
/// Source: https://www.sqlite.org/c3ref/set_authorizer.html
class connection_watch {
  public:
    /// Starts to listen to a new connection, before `on_connect` runs, which may set an authorizer
    /// of its own. `schema_changes` counts what may change a schema.
    connection_watch(sqlite3* connection, usual_settings& usual, std::uint64_t& schema_changes);
    ~connection_watch();
    connection_watch(const connection_watch&) = delete;
    connection_watch& operator=(const connection_watch&) = delete;

    /// Says that the connection is ready: from here on it is to stay as it is. The probe is a
    /// statement that SQLite prepares again when a flag or the authorizer has changed. `layered`
    /// are the databases that are layered below SQLite. `is_blind` says that an authorizer of
    /// `on_connect` is asked in its place.
    void begin_life(sqlite3_stmt* probe, std::vector<std::string> layered, bool is_blind);

    /// Forgets what was heard before: a session begins. What was set outside of any is what its
    /// test finds. `something_ran` says whether a statement may have run since the last session.
    void begin(bool something_ran);

    /// Forgets the session that is over.
    void end() noexcept {
        notes_.settings.clear();
        if (!prepared_.is_empty()) {
            watch_prepared();
        }
    }

    /// Begins a session inside another one, and ends it: what the outer one has set is what the
    /// test of the inner one finds.
    void begin_inner();
    void end_inner() noexcept;

    /// What is kept of the sessions around, which outlive a connection.
    struct outer_session;
    [[nodiscard]] std::vector<outer_session> release_outer() noexcept;
    void adopt_outer(std::vector<outer_session> outer) noexcept;
    void hear_again(std::vector<setting> settings) { notes_.settings = std::move(settings); }

    /// Says whether the connection may not be what it was. Requires: a probe ran since `begin`.
    [[nodiscard]] bool unusual();

    /// Learns the names of virtual tables, in all layered databases.
    void know_virtual_tables(std::set<std::string> names) { virtual_tables_ = std::move(names); }

    /// Says whether there may be virtual tables, which keep statements and BLOB handles of their
    /// own until their transaction ends.
    [[nodiscard]] bool has_virtual_tables() const noexcept {
        return heard_virtual_table_ || !virtual_tables_.empty();
    }

    /// Says how often SQLite has asked, which it does when it prepares a statement.
    [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }

    /// Notes something that only who looks at it can see.
    void note_unusual() noexcept { notes_.unusual = true; }

    /// Returns the databases that have no layers and hold something: TEMP, and what was attached
    /// by others than the seed.
    [[nodiscard]] std::vector<std::string> unlayered() const;

    /// Says whether one of them was there when the session began.
    [[nodiscard]] bool had_unlayered(const char* schema) const;

    /// Says whether the test attached a database.
    [[nodiscard]] bool heard_attach() const noexcept { return notes_.attached; }

    /// Returns what was asked for that the transaction around it makes impossible or silent, as
    /// the text of a statement, or "".
    [[nodiscard]] std::string refused() const;

    /// A probe is about to run, or has.
    void before_probe() noexcept { asked_before_probe_ = asked_; }
    void after_probe() noexcept;

    /// Says whether SQLite asked somebody else before it prepared a probe again.
    [[nodiscard]] bool authorizer_replaced() const noexcept { return notes_.replaced; }

    /// Makes SQLite ask this watch again, so that nobody forbids what comes.
    void take_back() noexcept;

    /// Takes no notice of what the sandbox itself does, from `pause` to `go_on`.
    void pause() noexcept { alive_ = false; }
    void go_on() noexcept { alive_ = true; }
    [[nodiscard]] bool is_paused() const noexcept { return !alive_; }

    /// Returns the settings that were heard of.
    [[nodiscard]] const std::vector<setting>& settings() const noexcept { return notes_.settings; }

    /// Returns the SQL functions that statements have named.
    [[nodiscard]] const std::set<std::string>& functions() const noexcept { return functions_; }

  private:
    struct notes {
        bool unusual = false;
        bool attached = false;
        bool replaced = false; // the authorizer is not ours any more
        std::vector<setting> settings;
        std::string refused;
        struct {
            std::string asked;
            setting which;
            std::string value;
        } wanted; // which was refused too, unless it has come to be so
        int reprepared = 0;
        int databases = 0;                                      // how many the connection has
        std::vector<std::pair<std::string, unsigned>> versions; // of databases that have no layers
    };

    static int authorize(void* watch, int action, const char* first, const char* second,
                         const char* database, const char* trigger);
    void note(int action, const char* first, const char* second, const char* schema);
    void note_pragma(const char* name, const char* value, const char* schema);
    void note_refusal(const char* name, const char* value, const char* schema);
    void add_setting(const setting& heard);
    void add_prepared(const std::vector<setting>& settings);
    void learn_prepared();
    void watch_prepared() noexcept;
    [[nodiscard]] bool is_own(const char* schema) const;
    [[nodiscard]] bool is_remembered(const std::string& table) const;
    [[nodiscard]] int reprepared() const noexcept;
    [[nodiscard]] bool settings_differ() const;
    [[nodiscard]] bool flags_differ() const;
    [[nodiscard]] std::vector<std::pair<std::string, unsigned>> versions() const;

    sqlite3* connection_;
    usual_settings& usual_;
    std::uint64_t& schema_changes_;
    sqlite3_stmt* probe_ = nullptr;
    std::vector<std::string> layered_; // besides main
    std::set<std::string> functions_;
    std::vector<int> switches_;            // of sqlite3_db_config, at first
    const char* main_name_ = nullptr;      // where SQLite keeps it
    int requested_reserve_ = 0;            // bytes at the end of pages, of all databases
    int kept_logs_ = 0;                    // databases with SQLITE_FCNTL_PERSIST_WAL
    unsigned times_switched_ = 0;          // when that was asked for, by anybody
    std::set<std::string> virtual_tables_; // of the layered databases
    bool heard_virtual_table_ = false;     // that may be another one
    bool alive_ = false;
    bool is_blind_ = false;   // on_connect set an authorizer
    std::uint64_t asked_ = 0; // how often SQLite asked
    std::uint64_t asked_before_probe_ = 0;
    std::uint64_t asked_when_clear_ = 0; // when the notes were cleared
    int reprepared_ = 0;                 // how often the probe has been
    notes notes_;
    prepared_pragmas prepared_;
    std::vector<outer_session> outer_; // the innermost last
};

struct connection_watch::outer_session {
    notes heard;
    usual_settings usual;
};

} // namespace isolite::sandbox
