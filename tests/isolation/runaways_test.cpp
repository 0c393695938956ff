#include "neighbour.hpp"
#include "runaway.hpp"
#include "seeded_database.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// Tests whose threads are still running when they end. While such a thread runs, nobody can promise
// what a test sees; but it is always the test that started the thread which is named, and with the
// thread everything ends that it has done.

namespace {

using isolite::mode;
using isolite::session;

const char* const started_by = "starts a thread and does not join it";

struct task {
    const char* name;
    runaway::round round;
    bool opens_connections = false; // in the next tests as well, which cannot be told from theirs
};

const std::vector<task>& tasks() {
    static const std::vector<task> all = {
        {"reads",
         [](SQLite::Database& database) {
             database.execAndGet("SELECT sum(length(name)) FROM products");
         }},
        {"commits single statements",
         [](SQLite::Database& database) { database.exec("INSERT INTO log(entry) VALUES ('x')"); }},
        {"commits transactions",
         [](SQLite::Database& database) {
             database.exec("BEGIN IMMEDIATE; UPDATE products SET stock = stock + 1; "
                           "INSERT INTO orders(product, quantity) VALUES (7, 2); COMMIT");
         }},
        {"spills and rolls back",
         [](SQLite::Database& database) {
             database.exec("PRAGMA cache_size = 1; BEGIN; "
                           "UPDATE products SET name = name || hex(randomblob(200)); ROLLBACK");
         }},
        {"changes the schema",
         [](SQLite::Database& database) {
             database.exec("CREATE TABLE IF NOT EXISTS more(x); DROP TABLE more");
         }},
        {"opens and closes connections",
         [](SQLite::Database& database) {
             neighbour(database.getFilename()).run("DELETE FROM log");
         },
         true},
        {"checkpoints the log",
         [](SQLite::Database& database) {
             database.exec("INSERT INTO log(entry) VALUES ('x'); PRAGMA wal_checkpoint(TRUNCATE)");
         }},
    };
    return all;
}

/// Runs a test and returns what it says; a session may not be opened while half of a transaction
/// is there, which says so.
template <typename Body>
std::string run_test(isolite::engine& engine, const std::string& name, mode mode, Body body) {
    auto opened = session::open(engine, name, mode);
    if (!opened) {
        return opened.error().text();
    }
    body();
    const auto closed = opened->close();
    return closed ? "" : closed.error().text();
}

bool names_nobody_else(const task& task, const std::string& message) {
    return message.empty() || task.opens_connections ||
           message.find("a connection that '" + std::string(started_by) + "' left open") !=
               std::string::npos;
}

template <typename Database>
void check_that_it_ends_with_its_thread(const task& task, mode mode) {
    auto opened = isolite::engine::open(Database::seed());
    REQUIRE(opened);
    isolite::engine& engine = *opened;
    const std::string pristine = neighbour(engine.uri()).testimony();
    std::unique_ptr<runaway> thread;

    static_cast<void>(run_test(engine, started_by, mode, [&] {
        thread = std::make_unique<runaway>(engine, task.round);
        thread->let_it_run();
    }));
    for (int i = 0; i < 10; ++i) {
        const auto next = i % 2 == 0 ? mode::rollback : mode::copy_on_write;
        const auto message = run_test(engine, "a next test", next, [&] { thread->let_it_run(); });
        INFO(message);
        CHECK(names_nobody_else(task, message));
    }
    const auto message = run_test(engine, "joins the thread", mode, [&] { thread->join(); });
    INFO(message);
    CHECK(names_nobody_else(task, message));

    for (const auto next : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        CHECK(run_test(engine, "a test after it", next, [&] {
                  CHECK(neighbour(engine.uri()).testimony() == pristine);
                  CHECK(engine.value<int>("SELECT count(*) FROM orders") == 3);
                  CHECK(engine.value<std::string>("PRAGMA integrity_check") == "ok");
              }) == "");
    }
}

} // namespace

TEST_CASE("what a thread does that outlives its test ends with the thread") {
    for (const task& task : tasks()) {
        for (const auto mode : {mode::rollback, mode::copy_on_write}) {
            CAPTURE(task.name);
            CAPTURE(static_cast<int>(mode));
            check_that_it_ends_with_its_thread<seeded_database>(task, mode);
            check_that_it_ends_with_its_thread<seeded_wal_databases>(task, mode);
        }
    }
}

namespace {

/// Lets one thread wait for another.
class signal {
  public:
    void give() { promise_.set_value(); }
    void wait() { promise_.get_future().wait(); }

  private:
    std::promise<void> promise_;
};

int tell_that_it_waits(void* waits, int times) {
    if (times == 0) {
        static_cast<signal*>(waits)->give();
    }
    std::this_thread::yield();
    return 1;
}

template <typename Database>
void check_a_thread_in_a_transaction(mode mode) {
    auto opened = isolite::engine::open(Database::seed());
    REQUIRE(opened);
    isolite::engine& engine = *opened;
    signal in_the_middle;
    signal go_on;
    bool committed = false;
    std::thread thread;
    const auto message = run_test(engine, started_by, mode, [&] {
        thread = std::thread([&] {
            SQLite::Database database(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
            database.exec("BEGIN IMMEDIATE; DELETE FROM log");
            in_the_middle.give();
            go_on.wait();
            committed = database.tryExec("COMMIT") == SQLITE_OK;
        });
        in_the_middle.wait();
    });
    CHECK(message.find("it left another connection in the middle of a transaction") !=
          std::string::npos);
    CHECK(run_test(engine, "the next test", mode, [&] {
              go_on.give();
              thread.join();
              CHECK_FALSE(committed);
              CHECK(engine.value<int>("SELECT count(*) FROM log") == 1);
          }) == "");
}

template <typename Database>
void check_a_thread_that_waits_for_a_lock(mode mode) {
    auto opened = isolite::engine::open(Database::seed());
    REQUIRE(opened);
    isolite::engine& engine = *opened;
    signal waits;
    std::thread thread;
    static_cast<void>(run_test(engine, started_by, mode, [&] {
        engine.db().tryExec("BEGIN");
        engine.execute("DELETE FROM prices");
        thread = std::thread([&] {
            SQLite::Database database(engine.uri(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
            sqlite3_busy_handler(database.getHandle(), tell_that_it_waits, &waits);
            database.tryExec("DELETE FROM log");
        });
        waits.wait();
    }));
    thread.join();
    for (const auto next : {mode::rollback, mode::copy_on_write}) {
        CHECK(run_test(engine, "the next test", next, [&] {
                  CHECK(engine.value<int>("SELECT count(*) FROM log") == 1);
                  CHECK(engine.value<int>("SELECT count(*) FROM prices") == 200);
              }) == "");
    }
}

} // namespace

// [promise: threads] A thread that outlives its test changes nothing for later ones.
TEST_CASE("a thread cannot commit in the next test what it began in its own") {
    for (const auto mode : {mode::rollback, mode::copy_on_write}) {
        check_a_thread_in_a_transaction<seeded_database>(mode);
        check_a_thread_in_a_transaction<seeded_wal_databases>(mode);
    }
}

// [promise: threads]
TEST_CASE("what a thread writes that waited for the end of its test reaches nobody") {
    for (const auto mode : {mode::rollback, mode::copy_on_write}) {
        check_a_thread_that_waits_for_a_lock<seeded_database>(mode);
        check_a_thread_that_waits_for_a_lock<seeded_wal_databases>(mode);
    }
}

// [control: threads]
TEST_CASE("what a thread commits reaches the next test where nothing protects it") {
    auto opened = isolite::engine::open(seeded_database::seed());
    REQUIRE(opened);
    static_cast<void>(run_test(*opened, started_by, mode::none, [&] {
        runaway thread(*opened,
                       [](SQLite::Database& database) { database.exec("DELETE FROM log"); });
    }));
    static_cast<void>(run_test(*opened, "the next test", mode::none, [&] {
        CHECK(opened->value<int>("SELECT count(*) FROM log") == 0);
    }));
}
