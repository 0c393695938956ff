#include "engine_fixture.hpp"
#include "ledger/ledger.hpp"

#include <isolite/engine.hpp>
#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>

#include <filesystem>
#include <optional>

namespace {

constexpr auto both = {isolite::mode::rollback, isolite::mode::copy_on_write};

std::string real_file(isolite::engine& engine, std::string_view schema = "main") {
    const auto path = engine.real_file(schema);
    return path ? *path : path.error().text();
}

/// Asks SQLite's own VFS.
std::string value_in(const std::string& path, const std::string& sql) {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    return database.execAndGet(sql).getString();
}

void run_on(const std::string& path, const char* sql) {
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec(sql);
}

std::string rows_in(const std::string& path) {
    return value_in(path, "SELECT group_concat(v) FROM (SELECT v FROM t ORDER BY id)");
}

/// Runs no tests.
struct no_framework : isolite::framework {
    [[nodiscard]] std::string current_test() const override { return "a test"; }
    [[nodiscard]] std::optional<isolite::mode> chosen_mode() const override { return {}; }
    [[nodiscard]] bool failing() const override { return false; }
    void fail(const std::string& message) noexcept override { FAIL_CHECK(message); }
    void note(const std::string& /*message*/) noexcept override {}
};

} // namespace

TEST_CASE_FIXTURE(engine_fixture, "each test finds the file as it finds the database, whatever an "
                                  "earlier one did to it") {
    for (const auto mode : both) {
        for (int i = 0; i < 3; ++i) {
            auto test = open("a test", mode);
            const std::string path = real_file(engine);
            CHECK(rows_in(path) == "seeded");
            CHECK(value_in(path, "PRAGMA integrity_check") == "ok");
            run_on(path, "DELETE FROM t; CREATE TABLE more (a)");
            CHECK(rows() == 1);
            CHECK(real_file(engine) == path);
            CHECK(value_in(path, "SELECT count(*) FROM t") == "0");
            CHECK(failure(test) == "");
        }
    }
}

TEST_CASE_FIXTURE(engine_fixture, "what a test has written to the database before is not in the "
                                  "file") {
    for (const auto mode : both) {
        auto test = open("a test", mode);
        run("INSERT INTO t VALUES (2, 'of the test')");
        CHECK(rows_in(real_file(engine)) == "seeded");
        CHECK(failure(test) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "what a suite has written to the database is in the files of its "
                                  "tests, and gone with it") {
    {
        auto suite = open_copy_on_write("a suite");
        CHECK(rows_in(real_file(engine)) == "seeded");
        run("INSERT INTO t VALUES (2, 'of the suite')");
        for (const auto mode : both) {
            auto test = open("a test", mode);
            run("INSERT INTO t VALUES (3, 'of the test')");
            const std::string path = real_file(engine);
            CHECK(rows_in(path) == "seeded,of the suite");
            CHECK(value_in(path, "PRAGMA integrity_check") == "ok");
            CHECK(failure(test) == "");
        }
    }
    auto test = open();
    CHECK(rows_in(real_file(engine)) == "seeded");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "what a suite has written to its file is not in those of its tests, "
                  "nor theirs in its own") {
    auto suite = open_copy_on_write("a suite");
    run_on(real_file(engine), "INSERT INTO t VALUES (2, 'of the suite')");
    {
        auto test = open();
        CHECK(rows_in(real_file(engine)) == "seeded");
        run_on(real_file(engine), "INSERT INTO t VALUES (3, 'of the test')");
    }
    CHECK(rows_in(real_file(engine)) == "seeded");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a file that is not of the database's last state is not rewritten "
                  "for its counters") {
    const auto changed = [this] {
        auto test = open_copy_on_write();
        const std::string path = real_file(engine);
        run("UPDATE t SET v = 'changed'"); // counts in the header, also once it is undone
        run("CREATE TABLE more (a)");
        return std::filesystem::last_write_time(path);
    };
    const auto first = changed();
    CHECK(changed() == first);
    auto test = open();
    CHECK(rows_in(real_file(engine)) == "seeded");
}

TEST_CASE("what was set up before the first test is in the file") {
    const isolite::seed seed = isolite::seed("s")
                                   .sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
                                   .on_connect([](SQLite::Database& db) {
                                       db.exec("INSERT OR IGNORE INTO t VALUES (1, 'a')");
                                   });
    engine_fixture shop(seed);
    shop.run("INSERT INTO t VALUES (2, 'b')");
    auto test = shop.open();
    CHECK(rows_in(real_file(shop.engine)) == "a,b");
}

TEST_CASE("a database in WAL mode has all its rows in the file, which is in that mode, too") {
    const isolite::seed seed =
        isolite::seed("s")
            .sql("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
            .on_connect(
                [](SQLite::Database& db) { db.exec("INSERT OR IGNORE INTO t VALUES (1, 'a')"); });
    engine_fixture shop(seed);
    shop.run("INSERT INTO t VALUES (2, 'b')");
    for (const auto mode : both) {
        auto test = shop.open("a test", mode);
        const std::string path = real_file(shop.engine);
        CHECK(rows_in(path) == "a,b");
        CHECK(value_in(path, "PRAGMA journal_mode") == "wal");
        run_on(path, "DELETE FROM t");
        CHECK(failure(test) == "");
    }
    auto suite = shop.open_copy_on_write("a suite");
    shop.run("INSERT INTO t VALUES (3, 'c')");
    auto test = shop.open();
    CHECK(rows_in(real_file(shop.engine)) == "a,b,c");
}

TEST_CASE("a database that the seed attaches has a file, too") {
    const isolite::seed seed =
        isolite::seed("shop")
            .sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
            .attach("books", isolite::seed("ledger").sql("CREATE TABLE entries (a);"
                                                         "INSERT INTO entries VALUES (7)"));
    engine_fixture shop(seed);
    for (int i = 0; i < 2; ++i) {
        auto test = shop.open();
        const std::string books = real_file(shop.engine, "books");
        CHECK(std::filesystem::path(books).filename() == shop.engine.name() + ".books.db");
        CHECK(value_in(books, "SELECT a FROM entries") == "7");
        const std::string path = real_file(shop.engine);
        CHECK(std::filesystem::path(path).parent_path() ==
              std::filesystem::path(books).parent_path());
        run_on(books, "DELETE FROM entries");
        run_on(path, "INSERT INTO t VALUES (1, 'a')");
        CHECK(value_in(path, "SELECT count(*) FROM t") == "1");
    }
    CHECK(real_file(shop.engine, "other") ==
          "cannot make a real file of 'other': no database is attached as that\n  hint: name what "
          "was given to seed::attach, or main");
}

TEST_CASE_FIXTURE(engine_fixture,
                  "a fixture returns the path, and throws what keeps it from that") {
    no_framework framework;
    isolite::fixture test(framework, engine, isolite::mode::rollback);
    CHECK(test.real_file() == real_file(engine));
    CHECK(test.real_file("main") == test.real_file());
    CHECK_THROWS_WITH_AS(static_cast<void>(test.real_file("other")),
                         real_file(engine, "other").c_str(), isolite::setup_error);
}

TEST_CASE_FIXTURE(engine_fixture, "two engines have files of their own") {
    engine_fixture other;
    auto test = open();
    auto another = other.open();
    run_on(real_file(engine), "DELETE FROM t");
    CHECK(rows_in(real_file(other.engine)) == "seeded");
}

TEST_CASE_FIXTURE(engine_fixture, "the file of a test that was cut off is put right, too") {
    {
        auto test = open("cut off");
        SQLite::Database left(real_file(engine), SQLite::OPEN_READWRITE);
        left.exec("BEGIN; DELETE FROM t");
        REQUIRE(isolite::session::abandon(engine, "cut off"));
        auto next = open();
        CHECK(rows_in(real_file(engine)) == "seeded");
        sqlite3_exec(left.getHandle(), "COMMIT", nullptr, nullptr, nullptr);
        CHECK(rows_in(real_file(engine)) == "seeded");
        CHECK(failure(next) == "");
    }
}

TEST_CASE_FIXTURE(engine_fixture, "a real file is in the ledger, once for each test that asks") {
    const auto entered = [] {
        std::size_t count = 0;
        for (const auto& each : isolite::records::ledger::of_process().account().fixtures()) {
            count += each.kind == isolite::records::fixture_kind::real_file_made
                         ? each.figures.count
                         : 0;
        }
        return count;
    };
    const std::size_t before = entered();
    for (int i = 0; i < 3; ++i) {
        auto test = open();
        static_cast<void>(real_file(engine));
        static_cast<void>(real_file(engine));
    }
    CHECK(entered() == before + 3);
}
