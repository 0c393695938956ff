#pragma once

#include <isolite/engine.hpp>
#include <isolite/mode.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct sqlite3;

/// Numbers that follow from a seed and from nothing else.
class dice {
  public:
    explicit dice(std::uint64_t seed) : state_(seed) {}

    /// Returns a number below `sides`.
    unsigned roll(unsigned sides);

    /// Says yes in that many of a hundred cases.
    bool chance(unsigned percent) { return roll(100) < percent; }

  private:
    std::uint64_t state_;
};

/// What all tests of an experiment have in common.
struct configuration {
    bool wal = false;
    bool attached = false;     // a second database, called "audit"
    bool prepared = false;     // on_connect makes TEMP objects, a function and a setting
    bool ready = false;        // set-up and on_connect prepare statements for the tests
    bool strict = false;       // whoever leaves a connection open fails
    bool small_pages = false;  // of 1024 bytes, with auto_vacuum and the statistics of ANALYZE
    unsigned late = 0;         // the object that set-up keeps, 0 for none
    unsigned suites = 0;       // sessions around the tests
    bool unprotected = false;  // all tests have mode none
    bool is_later_idle = true; // what a test left open is closed before the next one begins

    [[nodiscard]] std::string text() const;
    [[nodiscard]] static configuration of(const std::string& text);
};

/// The database of an experiment.
[[nodiscard]] isolite::seed seed_of(const configuration& configuration);

/// Counts the calls of `on_connect` down to the one that throws; 0: none does.
extern int on_connect_throws_in;
/// Whether one has thrown since this was last reset.
extern bool on_connect_threw;

/// Counts the calls of a test's hook when no test is running.
[[nodiscard]] int late_calls();
/// A test starts or ends to run.
void enter_body(bool is_in_body);

/// Code under test that keeps statements, for `kept`.
class clerk {
  public:
    explicit clerk(SQLite::Database& db);
    ~clerk();

    /// Returns what its statements tell.
    std::string report();

  private:
    struct kept {
        kept(SQLite::Database& db, const char* sql);

        /// Returns the statement, prepared now if the schema refused it before. Throws if it does.
        SQLite::Statement& usable();

        SQLite::Database& db;
        const char* sql;
        std::unique_ptr<SQLite::Statement> statement;
    };

    kept all_;
    kept insert_;
};

/// The process in which tests run: the engine, their connections, and what outlives them.
class world {
  public:
    explicit world(const configuration& configuration);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    [[nodiscard]] isolite::engine& engine() { return *engine_; }
    [[nodiscard]] const configuration& settings() const noexcept { return configuration_; }
    [[nodiscard]] isolite::mode mode() const noexcept { return mode_; }
    [[nodiscard]] sqlite3* own();

    /// A test begins.
    void begin(const std::string& test, isolite::mode mode);

    /// The test is over, but for its session: closes its connections.
    void end();

    /// The session is over too. What outlived the test before this one goes.
    void settle();

    /// Closes all that outlived its test.
    void close_all();

    /// Returns a connection of the test, which is opened when it is asked for first: 0 is `db()`,
    /// the first few are made by the engine, and the rest by `uri()`.
    std::shared_ptr<sqlite3> connection(unsigned index);

    /// Returns a connection that an earlier test left open, null if none did.
    std::shared_ptr<sqlite3> old_connection();

    /// Keeps something until the end of the test, or past it.
    void keep(std::shared_ptr<void> thing) { kept_.push_back(std::move(thing)); }
    void leave(std::shared_ptr<void> thing) { left_.push_back(std::move(thing)); }
    [[nodiscard]] bool has_left() const {
        return !left_.empty() || !kept_.empty() || !outlives_.empty();
    }
    /// Returns whether it was left.
    bool leave_connection(const std::string& test, std::shared_ptr<sqlite3> connection,
                          bool even_so = false);

    /// Runs statements and writes down what they say. Returns whether all of them succeeded.
    bool run(sqlite3* connection, const std::string& sql);

    /// Writes down what a test saw.
    void note(const std::string& text) { log_ += text + "\n"; }
    [[nodiscard]] const std::string& log() const noexcept { return log_; }
    void forget_log() { log_.clear(); }

    /// Runs a statement on `db()` once the session is over.
    void work_later(std::string sql) { later_ = std::move(sql); }
    /// Does so. Returns whether there was something to do.
    bool work_between();

    /// Returns the names of tests that left a connection open.
    [[nodiscard]] const std::vector<std::string>& openers() const noexcept { return openers_; }
    [[nodiscard]] const std::string& test() const noexcept { return test_; }

  private:
    struct further {
        unsigned index;
        std::shared_ptr<sqlite3> handle;
    };
    struct old {
        std::string test;
        std::shared_ptr<sqlite3> handle;
    };

    configuration configuration_;
    std::unique_ptr<isolite::engine> engine_;
    std::string test_;
    isolite::mode mode_ = isolite::mode::rollback;
    std::string log_;
    std::vector<further> connections_;
    std::vector<std::shared_ptr<void>> kept_;
    std::vector<std::shared_ptr<void>> left_;     // by this test
    std::vector<std::shared_ptr<void>> outlives_; // left by the one before
    std::vector<old> old_;
    std::vector<std::string> openers_;
    std::string later_;
};

/// Returns the rows of a statement, or what SQLite says of an error.
[[nodiscard]] std::string answer(sqlite3* connection, const std::string& sql);
