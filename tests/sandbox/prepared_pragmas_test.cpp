#include "engine_fixture.hpp"
#include "in_child.hpp"

#include <optional>
#include <string>

// PRAGMAs that were prepared where no test is listened to, and that a test only runs.

using isolite::mode;

namespace {

constexpr const char* limit = "PRAGMA max_page_count = 900";
constexpr const char* told = "it changed PRAGMA max_page_count from ";

void run_prepared(sqlite3_stmt* statement) {
    sqlite3_step(statement);
    sqlite3_reset(statement);
}

void run_prepared(SQLite::Statement& statement) {
    statement.executeStep();
    statement.reset();
}

sqlite3_stmt* prepared(sqlite3* connection, const char* sql) {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(connection, sql, -1, &made, nullptr);
    return made;
}

/// Code under test that keeps such a statement.
struct limiting {
    explicit limiting(SQLite::Database& db) : pragma(db, limit) {}
    SQLite::Statement pragma;
};

struct prepared_pragmas_fixture : engine_fixture {
    using engine_fixture::engine_fixture;

    bool is_told(isolite::session& test) { return failure(test).find(told) != std::string::npos; }

    static std::string pages_of(isolite::engine& of) {
        return of.db().execAndGet("PRAGMA max_page_count").getString(); // more than an int holds
    }

    std::string pages() { return pages_of(engine); }

    const std::string usual = pages();
};

} // namespace

TEST_CASE_FIXTURE(prepared_pragmas_fixture,
                  "a PRAGMA that set-up has prepared is told and undone") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        isolite::engine fresh = opened(seed_of_one_row());
        sqlite3_stmt* const set_up = prepared(fresh.db().getHandle(), limit);
        for (const char* name : {"does not run it", "nor does it"}) {
            auto other = isolite::session::open(fresh, name, each);
            CHECK(failure(*other) == "");
        }
        auto test = isolite::session::open(fresh, "runs it", each);
        run_prepared(set_up);
        CHECK(is_told(*test));
        auto next = isolite::session::open(fresh, "next", each);
        CHECK(pages_of(fresh) == usual);
        CHECK(failure(*next) == "");
        sqlite3_finalize(set_up);
    }
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a journal_mode that was prepared before is undone") {
    sqlite3_stmt* const set_up = prepared(engine.db().getHandle(), "PRAGMA journal_mode = OFF");
    auto test = open_copy_on_write("runs it");
    run_prepared(set_up);
    CHECK(value("PRAGMA journal_mode") == "off");
    CHECK(failure(test) == ""); // it goes with the database, which was the test's to change
    auto next = open("next");
    CHECK(value("PRAGMA journal_mode") == "truncate");
    CHECK(failure(next) == "");
    sqlite3_finalize(set_up);
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a PRAGMA that on_connect has prepared is told") {
    sqlite3_stmt* by_step = nullptr;
    isolite::engine fresh =
        opened(seed_of_one_row().on_connect([&by_step](SQLite::Database& connected) {
            if (!by_step) {
                by_step = prepared(connected.getHandle(), limit);
            }
        }));
    auto test = isolite::session::open(fresh, "runs it");
    run_prepared(by_step);
    CHECK(is_told(*test));
    auto next = isolite::session::open(fresh, "next");
    CHECK(pages_of(fresh) == usual);
    CHECK(failure(*next) == "");
    sqlite3_finalize(by_step);
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a kept statement that is a PRAGMA is told of whoever "
                                            "runs it") {
    SQLite::Statement* kept = nullptr;
    auto asking = open("asks for it");
    kept = &engine.statement(limit);
    CHECK(failure(asking) == "");
    auto between = open("does not");
    kept = &engine.statement(limit); // the connection may be another one
    CHECK(failure(between) == "");
    auto test = open("runs it");
    run_prepared(*kept);
    CHECK(is_told(test));
    auto next = open("next");
    CHECK(pages() == usual);
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture,
                  "a PRAGMA of a kept object is told of whoever runs it") {
    auto asking = open("asks for it");
    limiting& kept = engine.kept<limiting>();
    CHECK(failure(asking) == "");
    for (const char* name : {"runs it", "so does it"}) {
        auto test = open(name);
        run_prepared(kept.pragma);
        CHECK(is_told(test));
        auto next = open("next");
        CHECK(pages() == usual);
        CHECK(failure(next) == "");
    }
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a PRAGMA that a suite has prepared is told of the "
                                            "test inside that runs it") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement& kept = engine.statement(limit);
    auto other = open("suite/other");
    CHECK(failure(other) == "");
    auto test = open("suite/test");
    run_prepared(kept);
    CHECK(is_told(test));
    auto next = open("suite/next");
    CHECK(pages() == usual);
    CHECK(failure(next) == "");
    CHECK(failure(suite) == "");
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "what a suite sets by a prepared PRAGMA holds for its "
                                            "tests") {
    auto suite = open_copy_on_write("suite");
    SQLite::Statement& kept = engine.statement(limit);
    run_prepared(kept);
    for (const char* name : {"suite/first", "suite/second"}) {
        auto test = open(name);
        CHECK(pages() == "900");
        run("CREATE TABLE more (a)");
        CHECK(failure(test) == "");
    }
    CHECK(is_told(suite));
    auto next = open("next");
    CHECK(pages() == usual);
    CHECK(failure(next) == "");
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a prepared PRAGMA that runs between two tests is "
                                            "nobody's") {
    CHECK(in_child([this] { // since the process fails for it
              sqlite3_stmt* const set_up = prepared(engine.db().getHandle(), limit);
              auto first = open("first");
              std::string seen = failure(first);
              run_prepared(set_up);
              auto next = open("next");
              seen += pages() == usual ? "undone" : "not undone";
              return seen + failure(next);
          }) == "undone");
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture,
                  "a prepared PRAGMA that nobody runs costs no connection") {
    sqlite3* const before = engine.db().getHandle();
    const SQLite::Statement set_up(engine.db(), limit);
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto test = open("a test", each);
        CHECK(failure(test) == "");
        CHECK(engine.db().getHandle() == before);
    }
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a prepared PRAGMA optimize is run by nobody else") {
    run("CREATE INDEX t_v ON t (v)");
    const SQLite::Statement set_up(engine.db(), "PRAGMA optimize = -1");
    for (const mode each : {mode::rollback, mode::copy_on_write, mode::rollback}) {
        auto test = open("test", each);
        CHECK(value("SELECT count(*) FROM t WHERE v = 'seeded'") == "1"); // which statistics help
        CHECK_FALSE(engine.db().tableExists("sqlite_stat1"));
        CHECK(failure(test) == "");
    }
}

TEST_CASE_FIXTURE(prepared_pragmas_fixture, "a PRAGMA of the pages that set-up has prepared is not "
                                            "run on a new connection") {
    const SQLite::Statement set_up(engine.db(), "PRAGMA default_cache_size = 53");
    auto test = open("test");
    const std::string before = value("PRAGMA default_cache_size");
    run("CREATE TABLE more (a)");
    CHECK(failure(test) == "");
    auto next = open("next");
    CHECK(value("PRAGMA cache_size") == "-2000");
    CHECK(value("PRAGMA default_cache_size") == before);
    CHECK(failure(next) == "");
}
