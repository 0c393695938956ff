#include "engine_fixture.hpp"

#include <isolite/engine.hpp>

#include <string>

// Databases in memory that outlive the connection which attached them. Newer versions of SQLite
// tell no name for them, as for ':memory:'.

using isolite::mode;

namespace {

constexpr const char* attached = "ATTACH 'file:/shared?vfs=memdb' AS shared;"
                                 "CREATE TABLE IF NOT EXISTS shared.m(a)";

} // namespace

TEST_CASE("an on_connect that attaches a shared database in memory is refused") {
    const auto engine = isolite::engine::open(engine_fixture::seed_of_one_row().on_connect(
        [](SQLite::Database& db) { db.exec(attached); }));
    REQUIRE(!engine);
    CHECK(engine.error().message.find("on_connect attached the file '") != std::string::npos);
}

TEST_CASE_FIXTURE(engine_fixture, "a shared database in memory keeps a suite's connection") {
    for (const mode each : {mode::rollback, mode::copy_on_write}) {
        auto suite = open_copy_on_write("suite");
        run(attached);
        auto test = open("suite/test", each);
        run("CREATE TEMP TABLE made (a)");
        CHECK(failure(test).find("the suite around it attached the file '") != std::string::npos);
        static_cast<void>(suite.close());
    }
}

TEST_CASE_FIXTURE(engine_fixture, "what others commit to a suite's shared database is seen") {
    auto suite = open_copy_on_write("suite");
    run(attached);
    auto test = open("suite/test");
    SQLite::Database other("file:/shared?vfs=memdb", SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI);
    other.exec("INSERT INTO m VALUES (1)");
    CHECK(failure(test).find("the suite around it attached the file '") != std::string::npos);
    static_cast<void>(suite.close());
}
